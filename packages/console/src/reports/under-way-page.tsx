import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote } from '../act/act-note.tsx'
import { Page } from '../layout/page.tsx'
import { CsrfField } from '../session/csrf-field.tsx'
import type { Visit } from '../visit/visit.ts'
import type { ReportFile, ReportProgress } from './report-maker.ts'
import type { OrderedReport } from './reports-under-way.ts'
import { reportsText } from './text.ts'
import { underWayText } from './under-way-text.ts'

export function underWayHref(id: string): string {
  return `/reports/under-way/${encodeURIComponent(id)}`
}

/** In the address of who asked for another while this one is being made. */
export const ONE_AT_A_TIME = 'one-at-a-time'

/** A long document: how far it has come, where to fetch it, or why there is none. */
export function UnderWayPage({ visit, ordered }: { visit: Visit; ordered: OrderedReport }): JSX.Element {
  const t = underWayText[visit.locale]
  const { title: above, kinds, refusals } = reportsText[visit.locale]
  const { kind, outcome } = ordered
  const page = { visit, above: [{ title: above, href: '/reports' }], lead: kinds[kind].title }
  if (outcome === null)
    return (
      <Page {...page} title={t.title}>
        {visit.url.searchParams.has(ONE_AT_A_TIME) ? (
          <ActNote visit={visit} result={{ kind: 'refused', text: refusals.own }} />
        ) : null}
        <p>{t.lead}</p>
        <Progress visit={visit} ordered={ordered} />
        <DropForm visit={visit} ordered={ordered} button={t.cancel} help={t.cancelHelp} />
      </Page>
    )
  if (outcome.kind === 'made')
    return (
      <Page {...page} title={t.readyTitle}>
        <Ready visit={visit} ordered={ordered} file={outcome.file} />
        <DropForm visit={visit} ordered={ordered} button={t.discard} help={t.cancelHelp} />
      </Page>
    )
  return (
    <Page {...page} title={t.failedTitle}>
      <div class="alert alert-danger" role="alert">
        {outcome.kind === 'refused' ? refusals[outcome.reason] : t.failures[outcome.because]}
      </div>
    </Page>
  )
}

/** A script keeps it fresh, and without one there is the link. */
function Progress({ visit, ordered }: { visit: Visit; ordered: OrderedReport }): JSX.Element {
  const t = underWayText[visit.locale]
  const progress = ordered.report.progress()
  return (
    <section class="panel" data-progress={`${underWayHref(ordered.id)}/progress`} data-state="making">
      <h2 class="h5">{t.progress}</h2>
      <progress max={Math.max(1, progress.of ?? 0)} value={barOf(progress)} aria-label={t.progress} />
      <p role="status" data-progress-text>
        {progressWords(visit, progress)}
      </p>
      <a class="btn btn-outline-primary" href={underWayHref(ordered.id)}>
        {t.refresh}
      </a>
    </section>
  )
}

/** Of what nobody knows the length of the bar stays empty. */
export function barOf({ done, of }: ReportProgress): number {
  return of === null ? 0 : Math.min(done, of)
}

export function progressWords(
  { locale, formats: { number } }: Visit,
  { step, done, of }: ReportProgress,
): string {
  const t = underWayText[locale]
  return step === 'gathering' || of === null
    ? t.gathering(number(done))
    : t.settingOf(number(done), number(of))
}

function Ready(props: { visit: Visit; ordered: OrderedReport; file: ReportFile }): JSX.Element {
  const { visit, ordered, file } = props
  const t = underWayText[visit.locale]
  const { formatOf } = reportsText[visit.locale]
  const megabytes = Math.max(0.1, Math.round(file.size / 100_000) / 10)
  return (
    <section class="panel">
      <p>
        {t.format}: {formatOf(ordered.kind, ordered.format)}. {t.size}:{' '}
        {t.megabytes(visit.formats.number(megabytes))}.
      </p>
      <p>{t.keptFor}</p>
      <a class="btn btn-primary" href={`${underWayHref(ordered.id)}/file`}>
        {t.download}
      </a>
    </section>
  )
}

/** Nothing of it lasts, so nobody is asked twice. */
function DropForm(props: {
  visit: Visit
  ordered: OrderedReport
  button: string
  help: string
}): JSX.Element {
  const { visit, ordered, button, help } = props
  return (
    <form method="post" action={`${underWayHref(ordered.id)}/drop`} class="mt-3">
      {visit.viewer === null ? null : <CsrfField session={visit.viewer.session} />}
      <button type="submit" class="btn btn-outline-danger">
        {button}
      </button>
      <p class="hint">{help}</p>
    </form>
  )
}
