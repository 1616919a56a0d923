import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import type { SentForm } from '../act/confirmed.ts'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { FormatField, OrderFields } from './report-form.tsx'
import type { ReportFormat } from './report-formats.ts'
import type { ReportKind } from './report-maker.ts'
import type { OrderedKind } from './order-fields.ts'
import { reportsText } from './text.ts'

/** Making one document; `format` once it is chosen, for the list of people tells more than the document. */
export function makeReportAct(
  { locale }: Pick<Visit, 'locale'>,
  kind: ReportKind,
  format?: ReportFormat,
): Act {
  const t = reportsText[locale]
  const named = kind === 'breach' && (format === undefined || format === 'csv')
  return {
    to: `/reports/${kind}`,
    title: t.kinds[kind].title,
    consequences: [
      ...(kind === 'audit' ? [t.auditTakesTime] : []),
      ...(named ? [t.peopleAreListed] : []),
      ...t.consequences,
    ],
    button: t.make,
  }
}

/** One document to be made: what it is made of, what will happen. */
export function ReportPage(props: {
  visit: Visit
  kind: OrderedKind
  typed: SentForm
  result: ActResult
}): JSX.Element {
  const { visit, kind, typed, result } = props
  const t = reportsText[visit.locale]
  return (
    <Page
      visit={visit}
      title={t.kinds[kind].title}
      above={[{ title: t.title, href: '/reports' }]}
      lead={t.kinds[kind].text}
    >
      <ActNote visit={visit} result={result} />
      <div class="narrow">
        <ActForm visit={visit} act={{ ...makeReportAct(visit, kind), title: t.whatWith }}>
          <OrderFields {...{ visit, kind, typed, result }} />
          <FormatField {...{ visit, kind, result }} value={typed['format'] ?? 'pdf'} />
        </ActForm>
      </div>
    </Page>
  )
}

/** The report of Art. 15, for one request. */
export function SubjectReportPage(props: { visit: Visit; request: string; result: ActResult }): JSX.Element {
  const { visit, request, result } = props
  const t = reportsText[visit.locale]
  return (
    <Page
      visit={visit}
      title={t.kinds.subject.title}
      above={[
        { title: t.title, href: '/reports' },
        { title: request, href: `/requests/${encodeURIComponent(request)}` },
      ]}
      lead={t.kinds.subject.text}
    >
      <ActNote visit={visit} result={result} />
      <div class="narrow">
        <ActForm visit={visit} act={{ ...makeReportAct(visit, 'subject'), title: t.whatWith }}>
          <input type="hidden" name="request" value={request} />
          <FormatField visit={visit} kind="subject" result={result} />
        </ActForm>
      </div>
    </Page>
  )
}
