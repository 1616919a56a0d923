import type { AlertState } from '@varco/oversight'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { Page } from '../layout/page.tsx'
import type { Visit } from '../visit/visit.ts'
import { openingHref } from './alert-acts.ts'
import { AlertSections } from './alert-sections.tsx'
import { alertsText } from './text.ts'
import { decidedUntil, type WaitingOpening } from './waiting-openings.ts'

/** Openings of identities that wait for a second person, wherever they were asked for: at an alert or by command. */
export function OpeningsPage(props: {
  visit: Visit
  counts: Readonly<Record<AlertState, number>>
  openings: readonly WaitingOpening[]
  result: ActResult
}): JSX.Element {
  const { visit, counts, openings, result } = props
  const t = alertsText[visit.locale]
  const { formats } = visit
  const toDecide = openings.filter(({ isOwn }) => !isOwn).length
  return (
    <Page visit={visit} title={t.title} above={[]} lead={t.lead}>
      <ActNote visit={visit} result={result} />
      <AlertSections visit={visit} here="openings" counts={counts} openings={toDecide} />
      <p>{t.openingsLead}</p>
      {openings.length === 0 ? (
        <Empty icon="check-circle">{t.noOpening}</Empty>
      ) : (
        <ListTable
          caption={t.openings}
          columns={[t.pseudonym, t.identityCase, t.openingAskedBy, t.openingAskedOn, t.openingUntil, t.state]}
          rows={openings.map(({ request, isOwn }) => [
            <a href={openingHref(request.id)}>
              <code>{request.pseudonym}</code>
            </a>,
            request.caseId,
            <code>{request.requestedBy}</code>,
            <time datetime={formats.machine(request.requestedAt)}>
              {formats.instant(request.requestedAt)}
            </time>,
            <time datetime={formats.machine(decidedUntil(request))}>
              {formats.instant(decidedUntil(request))}
            </time>,
            isOwn ? t.waitsForAnother : t.waitsForYou,
          ])}
        />
      )}
      <p class="hint">{t.readingRecorded}</p>
    </Page>
  )
}
