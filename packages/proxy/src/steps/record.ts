import { CANARY_TOUCHED, type Appended, type EventDraft } from '@varco/access-log'
import type { PurposeId } from '@varco/core'
import type { Refusal } from '../refusal.ts'
import { canariesAmong, raiseAlarm } from './canaries.ts'
import type { Asked, Visit } from '../visit.ts'
import type { Shown, ShownLevel } from './mask.ts'
import { spendBudgets, type Spending } from './spend-budgets.ts'

/** What an answer holds, or a refusal tells of: on each level, the records and whose they are. */
export type Findings = Pick<Shown, 'level' | 'total'>

/**
 * Step 6: resolves once what is about to be shown counts against every budget and is in the log for good. What is
 * embedded is an access of its own, with an event of its own under the same request.
 * @returns a refusal that is recorded already, when some budget does not suffice
 * @throws UnavailableError when it may not be: then nothing may be shown
 */
export async function record(visit: Visit, shown: Findings): Promise<Appended | Refusal> {
  const over = await spendBudgets(visit, levelsOf(shown.level).map(spendingOf))
  return over === null ? recordLevels(visit, shown, null) : recordRefusalOf(visit, shown, over)
}

/**
 * The same for a refusal that is about records, whose presence it tells: they count and are in the log, level by level, as if
 * they had been shown, but for their fields; else one could ask without end.
 * @returns the refusal, recorded; of the budgets, should they not suffice even for that
 * @throws UnavailableError when it may not be recorded: then nothing may be told
 */
export async function recordObjection(visit: Visit, told: Findings, objection: Refusal): Promise<Refusal> {
  const over = await spendBudgets(visit, levelsOf(told.level).map(spendingOf))
  return recordRefusalOf(visit, told, over ?? objection)
}

/** The same where the budgets have been asked. */
export async function recordRefusalOf(visit: Visit, told: Findings, refusal: Refusal): Promise<Refusal> {
  const { id } = await recordLevels(visit, told, refusal)
  return { ...refusal, event: id }
}

async function recordLevels(
  visit: Visit,
  { level, total }: Findings,
  refusal: Refusal | null,
): Promise<Appended> {
  const [own, ...inner] = levelsOf(level)
  // A number of records is personal data of nobody.
  const detail = total === null ? null : { total }
  const { resource } = level.reading.asked
  if (inner.length === 0) return recordLevel(visit, own, detail, refusal)
  const [entry] = await Promise.all([
    recordLevel(visit, own, detail, refusal),
    ...inner.map((each) => recordLevel(visit, each, { embedded_in: resource }, refusal)),
  ])
  return entry
}

function levelsOf(level: ShownLevel): readonly [ShownLevel, ...ShownLevel[]] {
  return [level, ...level.embedded.flatMap(levelsOf)]
}

/** What a level counts against the budget of its rule. */
export function spendingOf({ reading: { resource, permit }, disclosures }: ShownLevel): Spending {
  return { resource, permit, disclosures }
}

/** What was shown of one resource; with a refusal, what it told of it. */
export async function recordLevel(
  visit: Visit,
  { reading, plain, masked, disclosures }: ShownLevel,
  detail: EventDraft['detail'],
  refusal: Refusal | null = null,
): Promise<Appended> {
  const { resource, permit, asked } = reading
  const canaries = canariesAmong(resource, disclosures)
  const codes = refusal === null ? permit.reasons.map(({ code }) => code) : reasonsOf(refusal)
  const draft = draftOf(visit, asked)
  visit.trail.recorded = true
  const entry = await visit.gate.accessLog.append({
    ...draft,
    decision: refusal === null ? 'permit' : 'deny',
    reasons: [...new Set<string>(codes), ...(canaries === 0 ? [] : [CANARY_TOUCHED])],
    ...(refusal === null ? { plain, masked } : {}),
    disclosures,
    detail: marked(visit, canaries === 0 ? detail : { ...detail, canaries }),
  })
  if (canaries > 0) raiseAlarm(visit, resource, entry)
  return entry
}

/** Where no person stands behind an access, the log says so. */
export function marked({ trail }: Visit, detail: EventDraft['detail']): EventDraft['detail'] {
  return trail.workload ? { ...detail, principal: 'workload' } : detail
}

/** A refusal is an access too, one that showed nothing and told of no record. */
export function recordRefusal(
  visit: Visit,
  refusal: Refusal,
  detail: EventDraft['detail'] = null,
): Promise<Appended> {
  visit.trail.recorded = true
  return visit.gate.accessLog.append({
    ...draftOf(visit),
    decision: 'deny',
    reasons: reasonsOf(refusal),
    detail: marked(visit, refusal.field === undefined ? detail : { ...detail, field: refusal.field }),
  })
}

function reasonsOf({ code, reasons, unspoken }: Refusal): readonly string[] {
  return unspoken ?? reasons ?? [code]
}

/** @param asked of one resource; by default of what the request as a whole is about */
export function draftOf(
  { bundle, requestId, trail }: Pick<Visit, 'bundle' | 'requestId' | 'trail'>,
  asked: Asked = trail,
): EventDraft {
  const { attribution, statement, policyVersion } = trail
  const { action, resource, filters, rules } = asked
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
