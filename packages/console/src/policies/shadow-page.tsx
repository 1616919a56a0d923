import type { ShadowRun, ShadowTally } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { namesOf } from '../i18n/names.ts'
import { Empty } from '../layout/empty.tsx'
import { Facts } from '../layout/facts.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { StateBadge } from '../layout/state-badge.tsx'
import type { Visit } from '../visit/visit.ts'
import { PolicyPage } from './policy-page.tsx'
import { policiesText } from './text.ts'
import { trialEnd } from './version-acts.ts'
import { versionsText } from './versions-text.ts'

export interface ShadowPageProps {
  readonly visit: Visit
  /** The last with a candidate; `null`: none ever. */
  readonly run: ShadowRun | null
  readonly isOn: boolean
  readonly tallies: readonly ShadowTally[]
  readonly result: ActResult
  readonly mayStop: boolean
}

const DIFFERENCES_SHOWN = 100

/** What a candidate would have answered to real requests: kinds of difference, no people and no values. */
export function ShadowPage({ visit, run, isOn, tallies, result, mayStop }: ShadowPageProps): JSX.Element {
  const t = versionsText[visit.locale]
  return (
    <PolicyPage visit={visit} section="shadow" title={t.shadowTitle} lead={t.shadowLead}>
      <ActNote visit={visit} result={result} />
      {run === null ? (
        <Empty>{t.shadowNone}</Empty>
      ) : (
        <>
          <Facts
            of={[
              [
                t.state,
                <StateBadge tone={isOn ? 'permit' : 'note'} icon={isOn ? 'check-circle' : 'close-circle'}>
                  {isOn ? t.shadowOn : t.shadowOff}
                </StateBadge>,
              ],
              [
                t.candidate,
                run.candidate === null ? null : (
                  <a href={`/policies/versions/${run.candidate}`}>
                    <code>{run.candidate.slice(0, 12)}</code>
                  </a>
                ),
              ],
              [t.since, visit.formats.exact(run.setAt)],
              [t.startedBy, <code>{run.setBy}</code>],
            ]}
          />
          {tallies.length === 0 ? <p>{t.nothingAsked}</p> : null}
          {tallies.map((tally) => (
            <Tally visit={visit} tally={tally} />
          ))}
          {isOn && mayStop ? (
            <div class="narrow">
              <ActForm visit={visit} act={trialEnd(visit)} />
            </div>
          ) : null}
        </>
      )}
    </PolicyPage>
  )
}

function Tally({ visit, tally }: { visit: Visit; tally: ShadowTally }): JSX.Element {
  const t = versionsText[visit.locale]
  const words = policiesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { number } = visit.formats
  return (
    <section>
      <h2 class="h5">{t.beside(tally.active.slice(0, 12))}</h2>
      <p class="mb-1">{t.differing(number(tally.differing), number(tally.asked))}</p>
      <p class="hint">
        {t.notCounted(number(tally.left), number(tally.failed), number(tally.recordsNotCompared))}
      </p>
      {tally.differences.length === 0 ? (
        <p>{t.noDifference}</p>
      ) : (
        <ListTable
          caption={t.differencesCaption}
          columns={[t.what, t.who, t.why, t.now, t.withCandidate, t.times]}
          rows={tally.differences.slice(0, DIFFERENCES_SHOWN).map((each) => [
            <>
              {names.resource(each.resource)}
              <small class="d-block">{words.actions[each.action] ?? each.action}</small>
            </>,
            <>
              {names.role(each.role)}
              <small class="d-block">
                {each.contract === null ? words.internal : names.contract(each.contract)}
              </small>
            </>,
            each.purpose === null ? '–' : names.purpose(each.purpose),
            <code>{each.active}</code>,
            <code>{each.candidate}</code>,
            number(each.count),
          ])}
        />
      )}
    </section>
  )
}
