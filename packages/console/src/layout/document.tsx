import type { Locale } from '@varco/core'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { HtmlEscapedString } from 'hono/utils/html'
import { assetUrl } from '../assets/assets.ts'
import { layoutText } from './text.ts'

/** The outermost element of every page, also of those shown when nothing else works. */
export function Document(props: {
  locale: Locale
  title: string
  /** Where the browser goes on to at once. */
  onward?: string
  children: Child
}): JSX.Element {
  const t = layoutText[props.locale]
  return (
    <html lang={props.locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        {props.onward === undefined ? null : <meta http-equiv="refresh" content={`0; url=${props.onward}`} />}
        <title>{`${props.title} · ${t.product}`}</title>
        <link rel="icon" type="image/svg+xml" href={assetUrl('gate.svg')} />
        <link
          rel="preload"
          as="font"
          type="font/woff2"
          href={assetUrl('titillium-web-400.woff2')}
          crossorigin=""
        />
        <link rel="stylesheet" href={assetUrl('bootstrap-italia.css')} />
        <link rel="stylesheet" href={assetUrl('console.css')} />
        <script type="module" src={assetUrl('console.js')}></script>
      </head>
      <body>
        <div class="skiplinks">
          <a class="visually-hidden-focusable" href="#content">
            {t.skipToContent}
          </a>
        </div>
        {props.children}
      </body>
    </html>
  )
}

/** The page as text to send. */
export function asHtml(page: JSX.Element): HtmlEscapedString | Promise<HtmlEscapedString> {
  return html`<!doctype html>${page}`
}
