import type { Bundle } from '../bundle/bundle.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import { passes, unmet } from './admission.ts'
import { decide } from './decide.ts'
import type { RecordOutcomes } from './decision.ts'
import { firing } from './firing.ts'
import { RequestContext } from './request-context.ts'
import type { AccessRequest } from './request.ts'
import { planForRequest } from './rule-index.ts'

/**
 * The outcome of each field of one record, or `null` when the record is not permitted: what
 * `decide(...).outcomesOf(record)` gives, without the decision around it. The hot path.
 */
export function decideRecord(
  bundle: Bundle,
  request: AccessRequest,
  record: DataRecord,
): RecordOutcomes | null {
  const plan = planForRequest(bundle.rules, request)
  if (plan === null || plan.permits.length === 0 || !passes(plan.gate, request)) return null
  const { judge } = plan
  const mayUse = (index: number): boolean => {
    const requires = judge.permits[index]?.requires ?? null
    return requires === null || unmet(requires, request) === null
  }
  const outcomes = judge.outcomes.of(firing(judge, mayUse, record, new RequestContext(bundle, request)))
  if (outcomes === null || outcomes.plain.length + outcomes.masked.length > 0) return outcomes
  // A record that shows nothing: seldom. Whether another would show something, only the whole decision knows.
  return decide(bundle, request).effect === 'permit' ? outcomes : null
}
