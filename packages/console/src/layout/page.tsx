import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { topicOf } from '../help/help-topic.ts'
import { helpText } from '../help/text.ts'
import type { Visit } from '../visit/visit.ts'
import { Breadcrumb, type Crumb } from './breadcrumb.tsx'
import { Document } from './document.tsx'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'

export interface PageProps {
  readonly visit: Visit
  readonly title: string
  /** The pages above this one, the home page excepted. */
  readonly above?: readonly Crumb[]
  /** A sentence under the title. */
  readonly lead?: Child
  /** Stands at the title's right. */
  readonly aside?: Child
  readonly children: Child
}

/** A page of the console: header, where one is, title, content, footer. */
export function Page({ visit, title, above, lead, aside, children }: PageProps): JSX.Element {
  const topic = topicOf(visit.url.pathname)
  return (
    <Document locale={visit.locale} title={title}>
      <Header visit={visit} />
      <main id="content" class="container py-4" tabindex={-1}>
        {topic === null ? null : (
          <a class="help-link" href={`/help#${topic}`}>
            {helpText[visit.locale].onThisPage}
          </a>
        )}
        {above === undefined ? null : <Breadcrumb locale={visit.locale} above={above} here={title} />}
        <div class="page-title">
          <div>
            <h1>{title}</h1>
            {lead === undefined ? null : <p class="lead mb-0">{lead}</p>}
          </div>
          {aside}
        </div>
        {children}
      </main>
      <Footer visit={visit} />
    </Document>
  )
}
