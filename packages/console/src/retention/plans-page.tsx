import { missingApprovals, type RetentionPlan } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActForm } from '../act/act-form.tsx'
import type { ActResult } from '../act/act-note.tsx'
import type { Act } from '../act/act.ts'
import { Empty } from '../layout/empty.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import type { Visit } from '../visit/visit.ts'
import { PlanBadge } from './plan-badge.tsx'
import { RetentionFrame } from './retention-frame.tsx'
import { retentionText } from './text.ts'

/** Making a plan: a list, which touches no record. */
export function makePlanAct({ locale }: Pick<Visit, 'locale'>): Act {
  return { to: '/retention/plans', ...retentionText[locale].make }
}

/** The latest plans, and the way to make one. */
export function PlansPage(props: {
  visit: Visit
  plans: readonly RetentionPlan[]
  /** Where the next page starts; `null` on the last. */
  next: string | null
  mayPlan: boolean
  result: ActResult
}): JSX.Element {
  const { visit, plans, next, mayPlan, result } = props
  const t = retentionText[visit.locale]
  const { number, calendarDay } = visit.formats
  return (
    <RetentionFrame visit={visit} section="plans" result={result}>
      {plans.length === 0 ? (
        <Empty icon="calendar">{t.noPlans}</Empty>
      ) : (
        <ListTable
          caption={t.plansTitle}
          columns={[t.number, t.day, t.records, t.state, t.missing]}
          rows={plans.map((plan) => [
            <a href={planHref(plan.id)}>
              <code>{plan.id}</code>
            </a>,
            calendarDay(plan.day),
            number(recordsOf(plan)),
            <PlanBadge visit={visit} state={plan.state} />,
            plan.state === 'planned'
              ? missingApprovals(plan)
                  .map((role) => t.roles[role])
                  .join(', ')
              : '–',
          ])}
        />
      )}
      <ListPaging visit={visit} next={next} />
      {mayPlan ? <ActForm visit={visit} act={makePlanAct(visit)} /> : null}
    </RetentionFrame>
  )
}

export function planHref(id: string): string {
  return `/retention/plans/${encodeURIComponent(id)}`
}

export function recordsOf({ rules }: Pick<RetentionPlan, 'rules'>): number {
  return rules.reduce((sum, { records }) => sum + records, 0)
}
