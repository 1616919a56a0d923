import type { RequestOutcome, RetentionDesk, RetentionPlan } from '@varco/retention'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { namesOf } from '../i18n/names.ts'
import { Facts } from '../layout/facts.tsx'
import { ListTable } from '../layout/list-table.tsx'
import { PlanBadge } from '../retention/plan-badge.tsx'
import { planHref, recordsOf } from '../retention/plans-page.tsx'
import type { Visit } from '../visit/visit.ts'
import { recordActsText } from './record-acts-text.ts'

/** A plan that answers a request, and once it was carried out what became of each record. */
export interface RequestPlan {
  readonly plan: RetentionPlan
  readonly outcome: RequestOutcome | null
}

/** Requests are answered within months: what was planned for one is among the latest. */
const PLANS_LOOKED_AT = 200

export async function plansOfRequest(
  { store }: Pick<RetentionDesk, 'store'>,
  request: string,
): Promise<readonly RequestPlan[]> {
  const plans = (await store.plans(PLANS_LOOKED_AT)).filter((plan) => plan.request?.id === request)
  return Promise.all(plans.map(async (plan) => ({ plan, outcome: await store.outcome(plan.id) })))
}

/** What is planned and was done with the records of who asked. */
export function RecordsSection(props: {
  visit: Visit
  plans: readonly RequestPlan[]
  mustConfirm: boolean
}): JSX.Element | null {
  const { visit, plans, mustConfirm } = props
  const t = recordActsText[visit.locale]
  if (plans.length === 0 && !mustConfirm) return null
  return (
    <section>
      <h2 class="h5">{t.recordsTitle}</h2>
      {mustConfirm ? <p>{t.confirmFirst}</p> : null}
      {plans.length === 0 ? null : (
        <ListTable
          caption={t.planCaption}
          columns={[t.plan, t.records, t.state]}
          rows={plans.map(({ plan }) => [
            <a href={planHref(plan.id)}>
              <code>{plan.id}</code>
            </a>,
            visit.formats.number(recordsOf(plan)),
            <PlanBadge visit={visit} state={plan.state} />,
          ])}
        />
      )}
      {plans.map(({ outcome }) =>
        outcome === null ? null : <OutcomeFacts visit={visit} outcome={outcome} />,
      )}
    </section>
  )
}

function OutcomeFacts({ visit, outcome }: { visit: Visit; outcome: RequestOutcome }): JSX.Element {
  const t = recordActsText[visit.locale]
  const names = namesOf(visit.bundle, visit.locale)
  const { number, list } = visit.formats
  const of = (kind: keyof typeof t.outcomes) => outcome.records.filter((record) => record.outcome === kind)
  const norms = new Set(outcome.records.flatMap((record) => ('norm' in record ? (record.norm ?? []) : [])))
  const counted = (kind: keyof typeof t.outcomes): readonly [string, string | null] => {
    const records = of(kind)
    const kinds = [...new Set(records.map(({ resource }) => names.resource(resource)))]
    return [t.outcomes[kind], records.length === 0 ? null : `${number(records.length)} (${list(kinds)})`]
  }
  return (
    <>
      <h3 class="h6">{t.outcomeTitle}</h3>
      <Facts
        of={[
          counted('erased'),
          counted('restricted'),
          counted('withheld'),
          [t.norms, norms.size === 0 ? null : list([...norms])],
          [
            t.recipients,
            outcome.recipients.length === 0
              ? t.noRecipients
              : list(outcome.recipients.map(({ processor }) => names.processor(processor))),
          ],
        ]}
      />
    </>
  )
}
