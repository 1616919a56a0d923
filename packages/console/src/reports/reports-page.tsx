import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { SelectField, TextField } from '../act/fields.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { REPORT_KINDS, type ReportKind } from './report-maker.ts'
import { reportsText } from './text.ts'

export const FORMATS = ['pdf', 'html', 'json'] as const
export type ReportFormat = (typeof FORMATS)[number]

export function makeReportAct({ locale }: Pick<Visit, 'locale'>, kind: ReportKind): Act {
  const t = reportsText[locale]
  return {
    to: `/reports/${kind}`,
    title: t.kinds[kind].title,
    consequences: [t.kinds[kind].text, ...t.consequences],
    button: t.make,
  }
}

/** The documents that can be made, each with its form. */
export function ReportsPage(props: {
  visit: Visit
  /** Which form the result is of. */
  kind: ReportKind | null
  result: ActResult
}): JSX.Element {
  const { visit, kind: wrong, result } = props
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
      <ActNote visit={visit} result={result} />
      <div class="two-columns">
        {REPORT_KINDS.map((kind) =>
          kind === 'subject' ? (
            <section class="panel act">
              <h2 class="h5">{t.kinds.subject.title}</h2>
              <p>{t.kinds.subject.text}</p>
              <a class="btn btn-outline-primary" href="/requests">
                {t.goToRequests}
              </a>
            </section>
          ) : (
            <ActForm visit={visit} act={makeReportAct(visit, kind)}>
              {kind === 'register' ? null : (
                <>
                  <TextField
                    name="from"
                    id={`${kind}-from`}
                    type="date"
                    label={t.from}
                    result={kind === wrong ? result : null}
                  />
                  <TextField
                    name="to"
                    id={`${kind}-to`}
                    type="date"
                    label={t.to}
                    result={kind === wrong ? result : null}
                  />
                </>
              )}
              <FormatField visit={visit} id={`${kind}-format`} />
            </ActForm>
          ),
        )}
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
        <ActForm visit={visit} act={makeReportAct(visit, 'subject')}>
          <input type="hidden" name="request" value={request} />
          <FormatField visit={visit} id="subject-format" />
        </ActForm>
      </div>
    </Page>
  )
}

function FormatField({ visit, id }: { visit: Visit; id: string }): JSX.Element {
  const t = reportsText[visit.locale]
  return (
    <SelectField
      name="format"
      id={id}
      label={t.format}
      value="pdf"
      result={null}
      options={FORMATS.map((value) => ({ value, title: t.formats[value] }))}
    />
  )
}
