import type { JSX } from 'hono/jsx/jsx-runtime'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { reportsFor } from './report-permissions.ts'
import { reportsText } from './text.ts'

/** The documents that can be made, and for whom each is. */
export function ReportsPage({ visit }: { visit: Visit }): JSX.Element {
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
