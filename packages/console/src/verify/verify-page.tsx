import type { ReportProblem, ReportVerification } from '@varco/reports'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Icon } from '../layout/icon.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { verifyText } from './text.ts'

/** What a check gave, or why there was none; `null` before the first. */
export type VerifyOutcome =
  | ReportVerification
  | 'no-file'
  | 'too-large'
  | 'too-slow'
  | 'too-much'
  | 'busy'
  | null

/** Problems shown one by one; a report that is not the log's may have thousands. */
const MOST_PROBLEMS = 50

export function VerifyPage({ visit, outcome }: { visit: Visit; outcome: VerifyOutcome }): JSX.Element {
  const t = verifyText[visit.locale]
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead}>
      {typeof outcome === 'string' ? (
        <p class="alert alert-danger" role="alert">
          {t.refused[outcome]}
        </p>
      ) : null}
      {outcome === null || typeof outcome === 'string' ? null : <Verdict visit={visit} verdict={outcome} />}
      <form method="post" action="/verify" enctype="multipart/form-data" class="panel">
        <div class="field">
          <label for="report">{t.file}</label>
          <input
            id="report"
            name="report"
            type="file"
            class="form-control"
            accept=".json,.html,.pdf,application/json,text/html,application/pdf"
            aria-describedby="report-help"
            required
          />
          <p id="report-help" class="hint mb-0">
            {t.fileHelp}
          </p>
        </div>
        <button type="submit" class="btn btn-primary mt-3">
          {t.check}
        </button>
      </form>
      <section class="prose mt-4">
        <h2 class="h5">{t.offlineTitle}</h2>
        <p>{t.offline}</p>
        <pre tabindex={0} aria-label={t.offlineTitle}>
          <code>varco report verify report.pdf --key log-verifier.pub</code>
        </pre>
      </section>
    </Page>
  )
}

function Verdict({ visit, verdict }: { visit: Visit; verdict: ReportVerification }): JSX.Element {
  const t = verifyText[visit.locale]
  const { number } = visit.formats
  const { ok, format, hash, accesses, proved, problems } = verdict
  return (
    <section class={ok ? 'alert alert-success' : 'alert alert-danger'} role="status" aria-live="polite">
      <h2 class="h5">
        <Icon name={ok ? 'check-circle' : 'close-circle'} class="icon-sm" /> {ok ? t.holds : t.fails}
      </h2>
      {format === null ? null : <p class="mb-1">{t.kinds[format]}</p>}
      {accesses === 0 ? null : <p class="mb-1">{t.proved(number(proved), number(accesses))}</p>}
      {hash === null ? null : (
        <p class="mb-1">
          {t.fingerprint} <code>{hash}</code>
        </p>
      )}
      {problems.length === 0 ? null : (
        <ul class="mb-0">
          {problems.slice(0, MOST_PROBLEMS).map((problem) => (
            <li>{inWords(problem, t)}</li>
          ))}
          {problems.length > MOST_PROBLEMS ? (
            <li>{t.more(number(problems.length - MOST_PROBLEMS))}</li>
          ) : null}
        </ul>
      )}
    </section>
  )
}

function inWords({ code, event }: ReportProblem, t: (typeof verifyText)['it' | 'en']): string {
  return event === null ? t.problems[code] : `${event}: ${t.problems[code]}`
}
