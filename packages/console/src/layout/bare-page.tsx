import type { Locale } from '@varco/core'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Document } from './document.tsx'
import { Brand } from './header.tsx'
import { Icon } from './icon.tsx'

export interface BarePageProps {
  readonly locale: Locale
  readonly icon: string
  readonly title: string
  readonly lead: string
  /** Where the browser goes on to at once. */
  readonly onward?: string
  readonly children?: Child
}

/** A page that needs neither session nor bundle nor database: it must show when they are gone. */
export function BarePage(props: BarePageProps): JSX.Element {
  const { locale, icon, title, lead, onward, children } = props
  return (
    <Document locale={locale} title={title} {...(onward === undefined ? {} : { onward })}>
      <header class="it-header-wrapper">
        <div class="it-nav-wrapper">
          <Brand locale={locale} body={null} />
        </div>
      </header>
      <main id="content" class="container py-5 bare" tabindex={-1}>
        <Icon name={icon} class="icon-xl icon-primary" />
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        {children}
      </main>
    </Document>
  )
}
