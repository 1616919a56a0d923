import type { AnchorStanding, WriterState } from '@varco/access-log'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ListTable } from '../layout/list-table.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { isAnchorLate, isCheckLate, type LogStanding } from './log-health.ts'
import { homeText } from './text.ts'

/** Whether the log is whole, what outside the database vouches for it, and what each process has written. */
export function LogState(props: {
  visit: Visit
  writers: readonly WriterState[]
  standing: LogStanding
}): JSX.Element {
  const { visit, writers, standing } = props
  const t = homeText[visit.locale]
  const { formats } = visit
  return (
    <section class="log-state" id="log-state">
      <h2 class="h5">{t.logState}</h2>
      <p>{t.logStateText}</p>
      <Integrity visit={visit} standing={standing} />
      <Anchors visit={visit} anchors={standing.anchors} />
      {writers.length === 0 ? (
        <p>{t.noWriter}</p>
      ) : (
        <ListTable
          caption={t.writersTitle}
          titled
          columns={[t.writer, t.size, t.lastCheckpoint, t.root]}
          rows={writers.map(({ writer, epoch, size, at, root }) => [
            <code>
              {writer}.{epoch}
            </code>,
            formats.number(size),
            <time datetime={formats.machine(at)}>{formats.instant(at)}</time>,
            <code class="hash">{root}</code>,
          ])}
        />
      )}
    </section>
  )
}

function Integrity({ visit, standing }: { visit: Visit; standing: LogStanding }): JSX.Element {
  const t = homeText[visit.locale]
  const { check } = standing
  if (check === null) return <p>{t.neverChecked}</p>
  const at = visit.formats.instant(check.at)
  const number = visit.formats.number
  if (!check.ok) {
    return (
      <p class="alert alert-danger" role="alert">
        {t.notWhole(at, number(check.findings))}
      </p>
    )
  }
  return (
    <p>
      <StateBadge
        tone={isCheckLate(standing, visit.now) ? 'warning' : 'permit'}
        icon={isCheckLate(standing, visit.now) ? 'clock' : 'check-circle'}
      >
        {t.whole}
      </StateBadge>{' '}
      {t.checkedAt(at, number(check.events))}
    </p>
  )
}

function Anchors(props: { visit: Visit; anchors: LogStanding['anchors'] }): JSX.Element {
  const { visit, anchors } = props
  const t = homeText[visit.locale]
  if (anchors === null) return <p>{t.anchorsUnknown}</p>
  if (anchors.length === 0) return <p class="alert alert-danger">{t.noAnchor}</p>
  return (
    <ul class="plain-list spaced">
      {anchors.map((anchor) => (
        <li>
          <StateBadge
            tone={anchor.trouble === null ? (isAnchorLate(anchor) ? 'warning' : 'permit') : 'deny'}
            icon={isAnchorLate(anchor) ? 'warning-circle' : 'check-circle'}
          >
            {anchor.name}
          </StateBadge>{' '}
          {anchorInWords(visit, anchor)}
        </li>
      ))}
    </ul>
  )
}

function anchorInWords({ locale, formats }: Visit, { of, behind, trouble }: AnchorStanding): string {
  const t = homeText[locale]
  if (trouble !== null) return t.anchorTroubles[trouble]
  return behind === 0 ? t.anchored : t.anchorBehind[of](formats.number(behind))
}
