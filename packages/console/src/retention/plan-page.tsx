import {
  isPlanOver,
  recordsToGo,
  type ErrandStanding,
  type RetentionPlan,
  type RuleTotals,
} from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import { SelectField, TextField } from '../act/fields.tsx'
import { secondsInWords } from '../i18n/duration-in-words.ts'
import { namesOf } from '../i18n/names.ts'
import { CasePage } from '../layout/case-page.tsx'
import { Facts } from '../layout/facts.tsx'
import { ListTable } from '../layout/list-table.tsx'
import type { Visit } from '../visit/visit.ts'
import { authorityText } from './authority-text.ts'
import { letterHref, LONGEST_REFERENCE } from './letter-page.tsx'
import { disposalListAct, isUnderWay, nextApprover, planAct, type PlanActName } from './plan-acts.ts'
import { PlanBadge } from './plan-badge.tsx'
import { LIST_FORMATS } from './plan-papers.ts'
import { planHref, recordsOf } from './plans-page.tsx'
import { retentionText } from './text.ts'

export interface PlanPageProps {
  readonly visit: Visit
  readonly plan: RetentionPlan
  readonly totals: ReadonlyMap<string, RuleTotals>
  /** What waits for an upstream, and keeps records waiting. */
  readonly waiting: readonly ErrandStanding[]
  /** What this person may do about it now. */
  readonly acts: readonly PlanActName[]
  /** Whether they may take out the list for an outside authority. */
  readonly mayExport: boolean
  readonly result: ActResult
}

/** One plan: what would go, who agreed, how far it has come, and what can be done. */
export function PlanPage(props: PlanPageProps): JSX.Element {
  const { visit, plan, totals, waiting, acts, mayExport, result } = props
  const t = retentionText[visit.locale]
  const { formats } = visit
  return (
    <CasePage
      visit={visit}
      title={t.plan(plan.id.slice(0, 8))}
      above={[{ title: t.title, href: '/retention' }]}
      lead={formats.calendarDay(plan.day)}
      badge={<PlanBadge visit={visit} state={plan.state} />}
      result={result}
      acts={
        <>
          {mayExport ? <DisposalListForm visit={visit} plan={plan} /> : null}
          {acts.map((name) => (
            <PlanActForm {...{ visit, plan, name, result }} />
          ))}
        </>
      }
    >
      {plan.startedAt === null ? null : (
        <Progress visit={visit} plan={plan} totals={totals} waiting={waiting} />
      )}
      {plan.faults.length === 0 ? null : (
        <div class="alert alert-danger" role="alert">
          <p class="mb-1">{t.faults}</p>
          <ul class="mb-0">
            {plan.faults.map((fault) => (
              <li>{t.unknownTable(fault.child, fault.parent)}</li>
            ))}
          </ul>
        </div>
      )}
      <section>
        <h2 class="h5">{t.facts}</h2>
        <Facts
          of={[
            [t.number, <code>{plan.id}</code>],
            [t.plannedBy, <code>{plan.plannedBy}</code>],
            [t.plannedAt, formats.instant(plan.plannedAt)],
            [t.records, formats.number(recordsOf(plan))],
            [authorityText[visit.locale].agreedColumn, authorisedIn(visit, plan)],
            [t.estimate, estimateIn(visit, plan)],
            [t.hash, <code class="hash">{plan.hash}</code>],
            [t.policy, <code>{plan.policyVersion.slice(0, 12)}</code>],
          ]}
        />
      </section>
      <section>
        <h2 class="h5">{t.perRule}</h2>
        <Rules visit={visit} plan={plan} />
      </section>
      <Cascades visit={visit} plan={plan} />
      <section>
        <h2 class="h5">{t.approvals}</h2>
        {plan.approvals.length === 0 ? (
          <p>{t.noApprovals}</p>
        ) : (
          <ol class="history">
            {plan.approvals.map(({ as, by, at, reference }) => (
              <li>
                <time datetime={formats.machine(at)}>{formats.instant(at)}</time>
                {t.approvedBy(by, t.roles[as])}
                {reference === null ? null : <small> {reference}</small>}
              </li>
            ))}
          </ol>
        )}
        {plan.approval === 'authority' ? <p>{authorityText[visit.locale].about}</p> : null}
        {plan.approvals.length === 0 ? null : (
          <p>
            <a class="btn btn-outline-primary" href={`${planHref(plan.id)}/minutes.pdf`}>
              {authorityText[visit.locale].minutes}
            </a>
          </p>
        )}
      </section>
    </CasePage>
  )
}

function PlanActForm(props: {
  visit: Visit
  plan: RetentionPlan
  name: PlanActName
  result: ActResult
}): JSX.Element {
  const { visit, plan, name, result } = props
  const t = authorityText[visit.locale]
  const act = planAct(visit, plan, name)
  if (name !== 'approve' || nextApprover(plan) !== 'authority') return <ActForm visit={visit} act={act} />
  return (
    <ActForm visit={visit} act={act}>
      <TextField name="reference" label={t.reference} maxlength={LONGEST_REFERENCE} result={result} />
      <p>
        <a href={letterHref(plan.id)}>{t.letterLink}</a>
      </p>
    </ActForm>
  )
}

function DisposalListForm({ visit, plan }: { visit: Visit; plan: RetentionPlan }): JSX.Element {
  const t = authorityText[visit.locale]
  return (
    <ActForm visit={visit} act={disposalListAct(visit, plan)}>
      <SelectField
        name="format"
        label={t.format}
        help={t.formatHelp}
        result={null}
        options={LIST_FORMATS.map((value) => ({ value, title: t.formats[value] }))}
      />
    </ActForm>
  )
}

/** Of a plan that an authority agreed to in part. */
function authorisedIn({ formats }: Visit, plan: RetentionPlan): string | null {
  return isCutShort(plan) ? formats.number(recordsToGo(plan)) : null
}

/** Of a plan that is still to be carried out. */
function estimateIn({ locale }: Visit, plan: RetentionPlan): string | null {
  if (plan.estimate === undefined || isPlanOver(plan)) return null
  const { seconds, by } = plan.estimate
  return retentionText[locale].takes[by](secondsInWords(seconds, locale))
}

function isCutShort({ rules }: RetentionPlan): boolean {
  return rules.some(({ authorised }) => authorised !== undefined)
}

function Rules({ visit, plan }: { visit: Visit; plan: RetentionPlan }): JSX.Element {
  const t = retentionText[visit.locale]
  const { number, calendarDay } = visit.formats
  const names = namesOf(visit.bundle, visit.locale)
  return (
    <ListTable
      caption={t.perRule}
      columns={[t.rule, t.action, t.records, t.oldest, t.stay]}
      rows={plan.rules.map((rule) => [
        <>
          {names.retentionRule(rule.rule)}
          <small class="d-block">{rule.because}</small>
        </>,
        <>
          {`${t.actions[rule.action]} · ${names.resource(rule.resource)}`}
          {rule.upstream === undefined ? null : (
            <small class="d-block">
              {t.fromUpstreams([...new Set(rule.upstream.map(({ resource }) => names.resource(resource)))])}
            </small>
          )}
        </>,
        <>
          {number(rule.records)}
          {rule.authorised === undefined ? null : (
            <small class="d-block">{authorityText[visit.locale].agreed(number(rule.authorised))}</small>
          )}
        </>,
        rule.oldest === null ? '–' : calendarDay(rule.oldest),
        <>
          <small class="d-block">{t.held(number(rule.held))}</small>
          <small class="d-block">{t.withoutTrigger(number(rule.withoutTrigger))}</small>
          {rule.unproven === undefined ? null : (
            <strong class="d-block">{t.unproven(number(rule.unproven))}</strong>
          )}
        </>,
      ])}
    />
  )
}

/** What foreign keys would do by themselves, counted before anything goes. */
function Cascades({ visit, plan }: { visit: Visit; plan: RetentionPlan }): JSX.Element | null {
  const t = retentionText[visit.locale]
  const { number } = visit.formats
  const reached = plan.rules.flatMap(({ rule, cascades }) => cascades.map((each) => ({ rule, ...each })))
  if (reached.length === 0) return null
  const acts = (onDelete: string): string =>
    Object.hasOwn(t.onDelete, onDelete) ? t.onDelete[onDelete as keyof typeof t.onDelete] : onDelete
  return (
    <section>
      <h2 class="h5">{t.cascades}</h2>
      <p>{t.cascadesLead}</p>
      <ListTable
        caption={t.cascades}
        columns={[t.rule, t.cascadeTable, t.foreignKey, t.action, t.cascadeRows, t.cascadeUnplanned]}
        rows={reached.map(({ rule, child, foreignKey, onDelete, rows, unplanned }) => [
          <code>{rule}</code>,
          <code>{child}</code>,
          <code>{foreignKey}</code>,
          acts(onDelete),
          number(rows),
          number(unplanned),
        ])}
      />
    </section>
  )
}

/** How far a run has come; a script keeps it fresh, and without one there is the link. */
function Progress(props: {
  visit: Visit
  plan: RetentionPlan
  totals: PlanPageProps['totals']
  waiting: PlanPageProps['waiting']
}): JSX.Element {
  const { visit, plan, totals, waiting } = props
  const names = namesOf(visit.bundle, visit.locale)
  const t = retentionText[visit.locale]
  const { number } = visit.formats
  const all = recordsToGo(plan)
  const { done, kept } = addedUp(totals)
  const settled = done + kept
  return (
    <section
      class="panel"
      {...(isUnderWay(plan)
        ? { 'data-progress': `${planHref(plan.id)}/progress`, 'data-state': plan.state }
        : {})}
    >
      <h2 class="h5">{t.progress}</h2>
      <progress max={Math.max(1, all)} value={settled} aria-label={t.progress} />
      <p role="status" data-progress-text>
        {t.settled(number(settled), number(all))}
      </p>
      <Facts
        of={[
          [t.done, number(done)],
          [t.kept, number(kept)],
          ...waiting.map(
            (each) =>
              [
                t.waitsFor(names.resource(each.resource)),
                t.waitingSince(number(each.waiting), visit.formats.instant(each.since)),
              ] as const,
          ),
          [t.endedAt, plan.endedAt === null ? null : visit.formats.instant(plan.endedAt)],
          [t.endedEarly, plan.endedEarly === undefined ? null : t.earlyEnds[plan.endedEarly.why]],
        ]}
      />
      {isUnderWay(plan) ? (
        <a class="btn btn-outline-primary" href={planHref(plan.id)}>
          {t.refresh}
        </a>
      ) : null}
      {plan.state === 'done' ? (
        <a class="btn btn-primary" href={`${planHref(plan.id)}/certificate`}>
          {t.certificateOpen}
        </a>
      ) : null}
    </section>
  )
}

/** What the pages of a plan add up to: gone for good, and kept for whatever reason. */
export function addedUp(totals: ReadonlyMap<string, RuleTotals>): { done: number; kept: number } {
  const all = [...totals.values()]
  return {
    done: all.reduce((sum, { done }) => sum + done, 0),
    kept: all.reduce(
      (sum, { held, referenced, notDue, busy, gone, identifiable, upstream, notReached }) =>
        sum + held + referenced + notDue + busy + gone + identifiable + upstream + notReached,
      0,
    ),
  }
}
