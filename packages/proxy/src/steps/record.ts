import { CANARY_TOUCHED, type Appended, type EventDraft } from '@varco/access-log'
import type { PurposeId } from '@varco/core'
import type { Refusal } from '../refusal.ts'
import { spendRecords, type Spending } from './budget-left.ts'
import { canariesAmong, raiseAlarm } from './canaries.ts'
import type { Visit } from '../visit.ts'
import type { Shown, ShownLevel } from './mask.ts'
import { spendDataSubjects } from './spend-data-subjects.ts'

/**
 * Step 6: resolves once what is about to be shown counts against every budget and is in the log for good. What is
 * embedded is an access of its own, with an event of its own under the same request.
 * @throws UnavailableError when it may not be: then nothing may be shown
 */
export async function record(visit: Visit, { level, total }: Shown): Promise<Appended | Refusal> {
  const inner = innerLevels(level)
  const levels = [level, ...inner]
  const over = await spendDataSubjects(
    visit,
    levels.flatMap(({ disclosures }) => disclosures),
  )
  if (over !== null) return over
  const spent = await spendRecords(visit, levels.map(spendingOf))
  if (spent !== null) return spent
  // A number of records is personal data of nobody.
  const own = recordLevel(visit, level, total === null ? null : { total })
  const { resource } = level.reading.asked
  const embedded = inner.map((each) => recordLevel(visit, each, { embedded_in: resource }))
  const [entry] = await Promise.all([own, ...embedded])
  return entry
}

/** What a level counts against the budget of its rule. */
export function spendingOf({ reading: { resource, permit }, disclosures }: ShownLevel): Spending {
  return { resource, permit, count: disclosures.length }
}

/** What was shown of one resource. */
export async function recordLevel(
  visit: Visit,
  { reading, plain, masked, disclosures }: ShownLevel,
  detail: EventDraft['detail'],
): Promise<Appended> {
  const { resource, permit, asked } = reading
  const canaries = canariesAmong(resource, disclosures)
  const codes = new Set<string>(permit.reasons.map(({ code }) => code))
  const reasons = [...codes, ...(canaries === 0 ? [] : [CANARY_TOUCHED])]
  const draft = draftOf({ ...visit, trail: { ...visit.trail, ...asked } })
  visit.trail.recorded = true
  const entry = await visit.gate.accessLog.append({
    ...draft,
    decision: 'permit',
    reasons,
    plain,
    masked,
    disclosures,
    detail: marked(visit, canaries === 0 ? detail : { ...detail, canaries }),
  })
  if (canaries > 0) raiseAlarm(visit, resource, entry)
  return entry
}

function innerLevels({ embedded }: ShownLevel): readonly ShownLevel[] {
  return embedded.flatMap((level) => [level, ...innerLevels(level)])
}

/** Where no person stands behind an access, the log says so. */
export function marked({ trail }: Visit, detail: EventDraft['detail']): EventDraft['detail'] {
  return trail.workload ? { ...detail, principal: 'workload' } : detail
}

/** A refusal is an access too, one that showed nothing. */
export function recordRefusal(
  visit: Visit,
  { code, reasons, unspoken, disclosures = [] }: Refusal,
  detail: EventDraft['detail'] = null,
): Promise<Appended> {
  visit.trail.recorded = true
  return visit.gate.accessLog.append({
    ...draftOf(visit),
    decision: 'deny',
    reasons: unspoken ?? reasons ?? [code],
    disclosures,
    detail: marked(visit, detail),
  })
}

export function draftOf({
  bundle,
  requestId,
  trail,
}: Pick<Visit, 'bundle' | 'requestId' | 'trail'>): EventDraft {
  const { attribution, statement, action, resource, filters, rules, policyVersion } = trail
  // What is no purpose may be anything somebody typed there, and the log never forgets.
  const isPurpose = statement.purpose !== null && bundle.purposes.has(statement.purpose as PurposeId)
  return {
    kind: 'access',
    requestId,
    operator: attribution.operator,
    processor: attribution.processor,
    contract: attribution.contract,
    role: attribution.role,
    unit: attribution.unit,
    workstation: statement.workstation,
    instructedBy: statement.instructedBy,
    purpose: isPurpose ? statement.purpose : null,
    ticket: statement.ticket,
    grant: statement.grant,
    action,
    resource,
    filters,
    plain: [],
    masked: [],
    decision: null,
    reasons: [],
    rules,
    policyVersion,
    disclosures: [],
    detail: null,
  }
}
