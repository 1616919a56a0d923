import type { Activation, Change, Shown, StoredPolicy, StructuralChange, Witness } from '@varco/policy'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { namesOf } from '../i18n/names.ts'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import { ListTable } from '../layout/list-table.tsx'
import type { Visit } from '../visit/visit.ts'
import { INTERNAL } from './hypothetical-request.ts'
import { casesInWords, FailedCases } from './overview-page.tsx'
import { policiesText } from './text.ts'
import { activation, trial } from './version-acts.ts'
import type { VersionVerdict } from './version-verdict.ts'
import { VersionBadge } from './versions-page.tsx'
import { versionsText } from './versions-text.ts'

export interface VersionPageProps {
  readonly visit: Visit
  readonly stored: StoredPolicy
  readonly history: readonly Activation[]
  readonly verdict: VersionVerdict
  readonly result: ActResult
  /** Whoever looks has written it. */
  readonly isOwn: boolean
  readonly mayActivate: boolean
  readonly mayTry: boolean
}

/** Groups of changes shown; a version that changes more is not read change by change. */
const GROUPS_SHOWN = 60

/** One version: what it would change, by whom it was written, and the second person's act. */
export function VersionPage(props: VersionPageProps): JSX.Element {
  const { visit, stored, history, verdict, result } = props
  const t = versionsText[visit.locale]
  return (
    <CasePage
      visit={visit}
      title={t.caseTitle(stored.version.slice(0, 12))}
      above={[
        { title: policiesText[visit.locale].title, href: '/policies' },
        { title: t.title, href: '/policies/versions' },
      ]}
      lead={t.caseLead}
      badge={<VersionBadge visit={visit} version={stored.version} history={history} />}
      result={result}
      acts={<Acts {...props} />}
    >
      <Facts
        of={[
          [t.wholeVersion, <code class="hash">{stored.version}</code>],
          [t.writtenBy, <code>{stored.putBy}</code>],
          [t.put, visit.formats.exact(stored.putAt)],
          [t.cases, verdict === null ? null : casesInWords(visit, verdict.cases)],
        ]}
      />
      {verdict === null ? (
        <p class="alert alert-danger">{t.unreadable}</p>
      ) : (
        <>
          <FailedCases visit={visit} cases={verdict.cases} />
          <Differences {...props} verdict={verdict} />
        </>
      )}
    </CasePage>
  )
}

function Acts({ visit, stored, verdict, isOwn, mayActivate, mayTry }: VersionPageProps): JSX.Element {
  const t = versionsText[visit.locale]
  if (stored.version === visit.bundle.version) return <p class="panel">{t.isInForce}</p>
  if (verdict === null) return <></>
  return (
    <>
      {!mayActivate ? null : isOwn ? (
        <p class="panel">{t.ownVersion}</p>
      ) : (
        <ActForm visit={visit} act={activation(visit, stored.version, verdict.diff.widens)} />
      )}
      {mayTry ? <ActForm visit={visit} act={trial(visit, stored.version)} /> : null}
    </>
  )
}

function Differences(props: VersionPageProps & { verdict: NonNullable<VersionVerdict> }): JSX.Element {
  const { visit, stored, verdict } = props
  const t = versionsText[visit.locale]
  const { changes, rules, widens } = verdict.diff
  const structural = [...verdict.diff.structural, ...rules]
  if (stored.version === visit.bundle.version) return <p>{t.isInForce}</p>
  const widenings = changes.filter(({ kind }) => kind === 'widening')
  const narrowings = changes.filter(({ kind }) => kind === 'narrowing')
  return (
    <>
      {changes.length === 0 ? <p class="alert alert-info">{t.noChange}</p> : null}
      {widens || changes.length > 0 ? (
        <p class={`alert ${widens ? 'alert-warning' : 'alert-success'}`}>
          {widens ? t.widens : t.doesNotWiden}
        </p>
      ) : null}
      <Changes visit={visit} title={t.widenings(widenings.length)} changes={widenings} effect="forbid" />
      <Structural visit={visit} changes={structural} />
      <Changes visit={visit} title={t.narrowings(narrowings.length)} changes={narrowings} effect="permit" />
    </>
  )
}

function Structural({ visit, changes }: { visit: Visit; changes: readonly StructuralChange[] }) {
  const t = versionsText[visit.locale]
  if (changes.length === 0) return null
  return (
    <section>
      <h2 class="h5">{t.structuralTitle}</h2>
      <ListTable
        caption={t.structuralCaption}
        columns={[t.what, t.before, t.after, t.effect]}
        rows={changes.map(({ about, name, from, to, widens }) => [
          <>
            {t.structural[about]}
            <small class="d-block">
              <code>{name}</code>
            </small>
          </>,
          from,
          to,
          widens ? t.wider : t.narrower,
        ])}
      />
    </section>
  )
}

function Changes(props: {
  visit: Visit
  title: string
  changes: readonly Change[]
  effect: 'permit' | 'forbid'
}): JSX.Element | null {
  const { visit, title, changes, effect } = props
  const t = versionsText[visit.locale]
  if (changes.length === 0) return null
  // Questions that change alike are told together.
  const groups = [
    ...Map.groupBy(changes, ({ cell, from, rows, to }) =>
      JSON.stringify([cell.resource, cell.purpose, from, to, rows]),
    ).values(),
  ]
  return (
    <section>
      <h2 class="h5">{title}</h2>
      {groups.slice(0, GROUPS_SHOWN).map((group) => (
        <ChangeGroup visit={visit} group={group} effect={effect} />
      ))}
      {groups.length > GROUPS_SHOWN ? <p class="hint">{t.moreGroups(groups.length - GROUPS_SHOWN)}</p> : null}
    </section>
  )
}

function ChangeGroup(props: {
  visit: Visit
  group: readonly Change[]
  effect: 'permit' | 'forbid'
}): JSX.Element | null {
  const { visit, group, effect } = props
  const t = versionsText[visit.locale]
  const words = policiesText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { list } = visit.formats
  const [first] = group
  if (first === undefined) return null
  const { cell, from, to, rows, witness } = first
  const distinct = (of: (change: Change) => string): string => list([...new Set(group.map(of))])
  return (
    <article class={`panel rule rule-${effect}`}>
      <h3 class="h6">{names.resource(cell.resource)}</h3>
      <Facts
        of={[
          [
            t.fields,
            distinct(({ field }) => (field === null ? t.records : names.field(cell.resource, field))),
          ],
          [t.shownAs, t.fromTo(shownInWords(visit, from), shownInWords(visit, to))],
          [
            t.who,
            `${distinct((change) => names.role(change.cell.role))}, ${distinct((change) => contractName(visit, change.cell.contract))}`,
          ],
          [t.why, names.purpose(cell.purpose)],
          [t.actions, distinct((change) => words.actions[change.cell.action] ?? change.cell.action)],
          [t.where, <code>{rows}</code>],
        ]}
      />
      {effect === 'permit' ? null : witness === null ? (
        <p class="mb-0">{t.noExample}</p>
      ) : (
        <details>
          <summary>{t.example}</summary>
          <pre class="wrap" tabindex={0}>
            {witnessInWords(visit, witness)}
          </pre>
        </details>
      )}
    </article>
  )
}

function shownInWords({ locale }: Visit, shown: Shown): string {
  const t = policiesText[locale]
  if (shown === 'plain' || shown === 'hidden') return t.outcomes[shown]
  return `${t.outcomes.masked} (${t.masks[shown]})`
}

function contractName(visit: Visit, contract: string): string {
  return contract === INTERNAL
    ? policiesText[visit.locale].internal
    : namesOf(visit.bundle, visit.locale).contract(contract)
}

/** Everything the example is made of that says something. */
function witnessInWords({ formats, locale }: Visit, { record, request }: Witness): string {
  const { now, principal, ticket, grant } = request
  const known = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null))
  const facts = {
    [versionsText[locale].at]: formats.instant(now),
    ...(Object.keys(principal.attributes).length === 0 ? {} : { principal: principal.attributes }),
    ...(ticket === null || ticket === 'unknown'
      ? {}
      : { ticket: { status: ticket.status, data_subject: ticket.dataSubject } }),
    ...(grant === null ? {} : { grant: { record: grant.record } }),
    record: known,
  }
  return JSON.stringify(
    facts,
    (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
    2,
  )
}
