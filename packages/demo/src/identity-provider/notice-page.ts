import type { Locale, Localized } from '@varco/core'
import { Html, html } from './html.ts'
import type { Page } from './page.ts'

const TEXTS = {
  failedTitle: { it: 'Accesso non riuscito', en: 'Login failed' },
  failed: {
    it: 'La richiesta di accesso non è valida o è scaduta. Torna all’applicazione e riprova.',
    en: 'The login request is not valid or has expired. Go back to the application and try again.',
  },
  logoutTitle: { it: 'Uscire?', en: 'Log out?' },
  logout: {
    it: 'La sessione presso questo accesso verrà chiusa.',
    en: 'Your session at this login will be closed.',
  },
  logoutYes: { it: 'Esci', en: 'Log out' },
  loggedOutTitle: { it: 'Sei uscito', en: 'You are logged out' },
  loggedOut: { it: 'Puoi chiudere questa pagina.', en: 'You may close this page.' },
} as const satisfies Record<string, Localized>

/** What went wrong with a login, as far as a stranger should know. */
export function failedPage(locale: Locale, code: string): Page {
  return {
    locale,
    title: TEXTS.failedTitle[locale],
    main: html`<h1>${TEXTS.failedTitle[locale]}</h1>
      <p>${TEXTS.failed[locale]}</p>
      <p><code>${code}</code></p>`,
  }
}

/** @param form the provider's own form, with its anti-forgery secret */
export function logoutPage(locale: Locale, form: string): Page {
  return {
    locale,
    title: TEXTS.logoutTitle[locale],
    main: html`<h1>${TEXTS.logoutTitle[locale]}</h1>
      <p>${TEXTS.logout[locale]}</p>
      ${new Html(form)}
      <button type="submit" form="op.logoutForm" name="logout" value="yes">
        ${TEXTS.logoutYes[locale]}
      </button>`,
  }
}

export function loggedOutPage(locale: Locale): Page {
  return {
    locale,
    title: TEXTS.loggedOutTitle[locale],
    main: html`<h1>${TEXTS.loggedOutTitle[locale]}</h1>
      <p>${TEXTS.loggedOut[locale]}</p>`,
  }
}
