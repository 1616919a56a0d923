import { asId } from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import { approvalOf, type Bundle } from '@varco/policy'
import type { RetentionDesk } from './desk.ts'
import type { RetentionPlan } from './plan.ts'
import { requestedResources } from './request/requested-resources.ts'
import { dueRules, strictest, type DisposalRule } from './rules.ts'
import type { Burial } from './store.ts'

/** The rules a plan was made of, as they stand now on its day: a run goes by them if they are still the same. */
export function rulesOfPlan(
  { bundle }: Pick<RetentionDesk, 'bundle'>,
  { day, rules, request }: Pick<RetentionPlan, 'day' | 'rules' | 'request'>,
): readonly DisposalRule[] {
  const planned = new Set(rules.map(({ rule }) => rule))
  const today = Temporal.PlainDate.from(day)
  return candidates(bundle(), today, request).filter(({ id }) => planned.has(id))
}

function candidates(
  bundle: Bundle,
  today: Temporal.PlainDate,
  request: RetentionPlan['request'],
): readonly DisposalRule[] {
  if (request === undefined) return [...dueRules(bundle, today), ...broughtBackRules(bundle)]
  if (request.dataSubject === null) return []
  return requestedResources(bundle, request.dataSubject, today).flatMap(({ rules }) => rules)
}

/** Records that were erased on request were not due: a backup brings them back, and no date tells. */
export function broughtBackRules(bundle: Bundle): readonly DisposalRule[] {
  const asked = bundle.document.retention.filter(({ on_request: says }) => says === 'erase')
  return [...Map.groupBy(asked, ({ resource }) => resource)].flatMap(([name, rules]) => {
    const [rule] = rules
    const resource = bundle.resources.get(asId(name))
    if (rule === undefined || resource === undefined) return []
    return [
      {
        id: `brought-back:${name}`,
        ...{
          resource,
          action: 'erase',
          masks: undefined,
          quasiIdentifiers: null,
          cutoffs: [],
          events: [],
          belonging: null,
        },
        ...{
          title: rule.title,
          because: rule.because,
          approval: strictest(rules.map(approvalOf)),
          owner: rule.owner ?? null,
        },
        timeZone: bundle.document.varco.time_zone,
      } satisfies DisposalRule,
    ]
  })
}

/** As what its tombstones are told apart. */
export function burialBy({ id, action }: Pick<DisposalRule, 'id' | 'action'>): Burial {
  return action === 'erase' && /^(?:request|brought-back):/.test(id) ? 'erase-on-request' : action
}
