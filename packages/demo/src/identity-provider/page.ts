import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { LOCALES, type Locale } from '@varco/core'
import { Html, html } from './html.ts'

const STYLE = `
:root { color-scheme: light; --blue: #0066cc; --ink: #17324d; --line: #5d7083; --red: #b0122b }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; font: 1.0625rem/1.5 'Titillium Web', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; color: var(--ink); background: #eef3f8 }
header { background: var(--blue); color: #fff; padding: 1rem 1.5rem; display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; flex-wrap: wrap }
header strong { font-size: 1.25rem }
header nav a { color: #fff; padding: .25rem .5rem }
main { width: min(34rem, 100% - 2rem); margin: 2.5rem auto; background: #fff; padding: 2rem; border-radius: .5rem; box-shadow: 0 .25rem 1.5rem rgb(23 50 77 / 14%) }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2 }
h2 { margin: 2rem 0 .5rem; font-size: 1.0625rem }
p { margin: .25rem 0 1rem }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600 }
input { width: 100%; font: inherit; color: inherit; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: .25rem }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; font: inherit; font-weight: 600; color: #fff; background: var(--blue); border: 0; border-radius: .25rem; cursor: pointer }
button.quiet { color: var(--blue); background: #fff; box-shadow: inset 0 0 0 1px var(--blue); margin-top: .75rem }
button:hover { background: #0052a3 } button.quiet:hover { background: #eef3f8 }
a { color: var(--blue) }
a:focus-visible, button:focus-visible, input:focus-visible { outline: 3px solid #ff9900; outline-offset: 2px }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid #d9e2ec }
li { border-bottom: 1px solid #d9e2ec }
li a { display: block; padding: .625rem .25rem; text-decoration: none } li a:hover { background: #eef3f8 }
li strong { text-decoration: underline } li span { display: block; color: var(--ink); font-size: .9375rem }
.wrong { border-left: .25rem solid var(--red); background: #fdf1f3; color: #7d0d1f; padding: .75rem 1rem; margin: 1rem 0 0 }
.note { font-size: .9375rem; margin: 1.5rem 0 0 }
`

// The hash is of these very bytes: no formatter of templates may come between.
const STYLE_ELEMENT = new Html('<style>' + STYLE + '</style>')
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

const TEXTS = {
  demo: { it: 'Ambiente dimostrativo', en: 'Demonstration' },
  languages: { it: 'Lingua', en: 'Language' },
  invented: {
    it: 'Persone e password sono inventate. Questo accesso esiste solo nella dimostrazione di Varco.',
    en: 'People and passwords are invented. This login exists only in the demonstration of Varco.',
  },
}
const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = { it: 'Italiano', en: 'English' }

export interface Page {
  readonly locale: Locale
  readonly title: string
  readonly main: Html
  /** Address of this page in another language; absent where a reload is not possible. */
  readonly inLocale?: (locale: Locale) => string
}

/** A whole page: its own style, no script, nothing fetched from anywhere. */
export function renderPage(page: Page): string {
  const { locale, inLocale } = page
  const languages =
    inLocale === undefined
      ? html``
      : html`<nav aria-label="${TEXTS.languages[locale]}">
          ${LOCALES.map(
            (other) =>
              html`<a
                href="${inLocale(other)}"
                lang="${other}"
                hreflang="${other}"
                ${other === locale ? html` aria-current="true"` : html``}
                >${LANGUAGE_NAMES[other]}</a
              >`,
          )}
        </nav>`
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${page.title}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header><strong>${TEXTS.demo[locale]}</strong>${languages}</header>
        <main>
          ${page.main}
          <p class="note">${TEXTS.invented[locale]}</p>
        </main>
      </body>
    </html>`.text
}

/**
 * What a browser may do with these pages.
 * @param formTargets origins a form's answer may redirect to, besides its own
 */
export function pageHeaders(formTargets: readonly string[]): Readonly<Record<string, string>> {
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': [
      "default-src 'none'",
      `style-src 'sha256-${STYLE_HASH}'`,
      `form-action ${["'self'", ...formTargets].join(' ')}`,
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  }
}

export function sendPage(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  page: Page,
): void {
  response.writeHead(status, headers)
  response.end(renderPage(page))
}

/** The first language asked for that there is; Italian otherwise. */
export function localeOf(asked: readonly (string | undefined)[]): Locale {
  const tags = asked
    .flatMap((list) => (list ?? '').split(/[\s,]+/))
    .map((tag) => tag.slice(0, 2).toLowerCase())
  return (
    LOCALES.find((locale) => locale === tags.find((tag) => (LOCALES as readonly string[]).includes(tag))) ??
    'it'
  )
}
