import type { Locale } from '@varco/core'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { layoutText } from './text.ts'

export interface Crumb {
  readonly title: string
  readonly href: string
}

export function Breadcrumb(props: { locale: Locale; above: readonly Crumb[]; here: string }): JSX.Element {
  const t = layoutText[props.locale]
  return (
    <nav class="breadcrumb-container" aria-label={t.youAreHere}>
      <ol class="breadcrumb">
        {[{ title: t.home, href: '/' }, ...props.above].map(({ title, href }) => (
          <li class="breadcrumb-item">
            <a href={href}>{title}</a>
            <span class="separator" aria-hidden="true">
              /
            </span>
          </li>
        ))}
        <li class="breadcrumb-item active" aria-current="page">
          {props.here}
        </li>
      </ol>
    </nav>
  )
}
