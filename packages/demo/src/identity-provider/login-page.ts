import type { Locale } from '@varco/core'
import type { DemoPerson } from './demo-person.ts'
import { html } from './html.ts'
import type { Page } from './page.ts'

const TEXTS = {
  title: { it: 'Accedi', en: 'Log in' },
  at: { it: 'con le credenziali di', en: 'with your account at' },
  username: { it: 'Nome utente', en: 'Username' },
  password: { it: 'Password', en: 'Password' },
  submit: { it: 'Accedi', en: 'Log in' },
  cancel: { it: 'Annulla', en: 'Cancel' },
  offered: { it: 'Persone della dimostrazione', en: 'People of the demonstration' },
  wrong: { it: 'Nome utente o password non corretti.', en: 'Unknown username or wrong password.' },
} as const

export interface LoginPage {
  readonly locale: Locale
  /** Path of this page: forms and links come back to it. */
  readonly path: string
  /** Host of the issuer, as people know it. */
  readonly issuer: string
  readonly offered: readonly DemoPerson[]
  readonly username: string
  readonly refused: boolean
}

/** Where a person of the demo says who they are: an ordinary form, with people to pick from. */
export function loginPage(login: LoginPage): Page {
  const { locale, path } = login
  const query = (values: Readonly<Record<string, string>>): string =>
    `${path}?${new URLSearchParams(values).toString()}`
  const refusal = login.refused
    ? html`<p class="wrong" role="alert" id="refusal">${TEXTS.wrong[locale]}</p>`
    : html``
  const described = login.refused ? html` aria-invalid="true" aria-describedby="refusal"` : html``
  const usernameFocus = login.username === '' ? html` autofocus` : html``
  const passwordFocus = login.username === '' ? html`` : html` autofocus`
  const people = login.offered.map(
    (person) =>
      html`<li>
        <a href="${query({ lang: locale, as: person.username })}"
          ><strong>${person.name ?? person.username}</strong><span>${person.does?.[locale] ?? ''}</span></a
        >
      </li>`,
  )
  return {
    locale,
    title: `${TEXTS.title[locale]} · ${login.issuer}`,
    inLocale: (other) => query({ lang: other, ...(login.username === '' ? {} : { as: login.username }) }),
    main: html`
      <h1>${TEXTS.title[locale]}</h1>
      <p>${TEXTS.at[locale]} <strong>${login.issuer}</strong></p>
      ${refusal}
      <form method="post" action="${query({ lang: locale })}">
        <label for="username">${TEXTS.username[locale]}</label>
        <input
          id="username"
          name="username"
          value="${login.username}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required${described}${usernameFocus}
        />
        <label for="password">${TEXTS.password[locale]}</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required${described}${passwordFocus}
        />
        <button type="submit">${TEXTS.submit[locale]}</button>
        <button type="submit" class="quiet" name="cancel" value="yes" formnovalidate>
          ${TEXTS.cancel[locale]}
        </button>
      </form>
      ${
        people.length === 0
          ? html``
          : html`<h2>${TEXTS.offered[locale]}</h2>
              <ul>
                ${people}
              </ul>`
      }
    `,
  }
}
