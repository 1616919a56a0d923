import type { JSX } from 'hono/jsx/jsx-runtime'
import { LOCALES, type Locale } from '@varco/core'
import { assetUrl } from '../assets/assets.ts'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import { Icon } from './icon.tsx'
import { menuFor } from './menu.ts'
import { layoutText } from './text.ts'

export function Header({ visit }: { visit: Visit }): JSX.Element {
  const { controller } = visit.bundle.document.varco
  return (
    <header class="it-header-wrapper">
      <div class="it-header-slim-wrapper">
        <div class="container">
          <div class="it-header-slim-wrapper-content">
            <span class="navbar-brand body-name">{controller.name}</span>
            <div class="it-header-slim-right-zone">
              <LanguageSwitch visit={visit} />
              <SignedIn visit={visit} />
            </div>
          </div>
        </div>
      </div>
      <div class="it-nav-wrapper">
        <Brand locale={visit.locale} body={controller.short} />
        <Menu visit={visit} />
      </div>
    </header>
  )
}

/** Name and mark of the product; `body` is the short name of the body it serves, where it is known. */
export function Brand({ locale, body }: { locale: Locale; body: string | null }): JSX.Element {
  const t = layoutText[locale]
  return (
    <div class="it-header-center-wrapper">
      <div class="container">
        <div class="it-header-center-content-wrapper">
          <div class="it-brand-wrapper">
            <a href="/">
              <svg class="icon" aria-hidden="true" focusable="false">
                <use href={`${assetUrl('gate.svg')}#gate`}></use>
              </svg>
              <div class="it-brand-text">
                <div class="it-brand-title">
                  {t.product} {body === null ? null : <span class="brand-body">{body}</span>}
                </div>
                <div class="it-brand-tagline d-none d-md-block">{t.tagline}</div>
              </div>
            </a>
          </div>
        </div>
      </div>
    </div>
  )
}

const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = { it: 'Italiano', en: 'English' }

function LanguageSwitch({ visit }: { visit: Visit }): JSX.Element {
  const to = encodeURIComponent(visit.url.pathname + visit.url.search)
  return (
    <ul class="language-switch" aria-label={layoutText[visit.locale].language}>
      {LOCALES.map((locale) => (
        <li>
          <a
            href={`/language/${locale}?to=${to}`}
            hreflang={locale}
            lang={locale}
            aria-label={`${locale.toUpperCase()}, ${LANGUAGE_NAMES[locale]}`}
            aria-current={locale === visit.locale ? 'true' : undefined}
          >
            {locale.toUpperCase()}
          </a>
        </li>
      ))}
    </ul>
  )
}

function SignedIn({ visit }: { visit: Visit }): JSX.Element | null {
  const t = layoutText[visit.locale]
  if (visit.viewer === null) return null
  const { session, assignments } = visit.viewer
  const current = assignments.find(({ contract }) => contract === null) ?? assignments[0]
  const role = current?.role
  const roles = visit.bundle.document.varco.roles
  return (
    <form class="signed-in" method="post" action="/logout">
      <CsrfField session={session} />
      <span class="signed-in-name">
        <span class="visually-hidden">{t.signedInAs} </span>
        {session.name ?? current?.pseudonym ?? session.externalId}
        {role === undefined ? null : <small>{roles[role]?.title[visit.locale] ?? role}</small>}
      </span>
      <button type="submit" class="btn btn-primary btn-icon btn-full">
        <span class="rounded-icon">
          <Icon name="logout" class="icon-primary" />
        </span>
        <span>{t.signOut}</span>
      </button>
    </form>
  )
}

function Menu({ visit }: { visit: Visit }): JSX.Element | null {
  const entries = menuFor(visit)
  if (entries.length === 0) return null
  return (
    <div class="it-header-navbar-wrapper main-menu">
      <nav class="container" aria-label={layoutText[visit.locale].mainMenu}>
        <ul>
          {entries.map(({ title, href, key, here }) => (
            <li>
              <a href={href} accesskey={key ?? undefined} aria-current={here ? 'page' : undefined}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  )
}
