import type { JSX } from 'hono/jsx/jsx-runtime'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { reportsFor } from './report-permissions.ts'
import type { OrderedReport } from './reports-under-way.ts'
import { reportsText } from './text.ts'
import { underWayHref } from './under-way-page.tsx'
import { underWayText } from './under-way-text.ts'

/** The documents that can be made, for whom each is, and the long ones this person waits for. */
export function ReportsPage(props: { visit: Visit; ordered: readonly OrderedReport[] }): JSX.Element {
  const { visit, ordered } = props
  const t = reportsText[visit.locale]
  return (
    <Page
      visit={visit}
      title={t.title}
      above={[]}
      lead={t.lead}
      aside={
        <a class="btn btn-outline-primary" href="/verify">
          {t.verify}
        </a>
      }
    >
      {ordered.length === 0 ? null : <Ordered visit={visit} ordered={ordered} />}
      <ul class="documents">
        {reportsFor(visit).map((kind) => (
          <li class="panel">
            <h2 class="h5">
              <a href={kind === 'subject' ? '/requests' : `/reports/${kind}`}>{t.kinds[kind].title}</a>
            </h2>
            <p>{t.kinds[kind].text}</p>
            <p class="hint">{t.kinds[kind].norm}</p>
          </li>
        ))}
      </ul>
    </Page>
  )
}

function Ordered({ visit, ordered }: { visit: Visit; ordered: readonly OrderedReport[] }): JSX.Element {
  const t = underWayText[visit.locale]
  const { kinds } = reportsText[visit.locale]
  return (
    <section class="panel mb-4">
      <h2 class="h5">{t.yours}</h2>
      <ul class="mb-0">
        {ordered.map(({ id, kind, outcome }) => (
          <li>
            <a href={underWayHref(id)}>{kinds[kind].title}</a>:{' '}
            {outcome === null ? t.making : outcome.kind === 'made' ? t.ready : t.failed}
          </li>
        ))}
      </ul>
    </section>
  )
}
