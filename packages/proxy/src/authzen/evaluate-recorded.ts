import type { DisclosureDraft } from '@varco/access-log'
import type { ResourceName } from '@varco/core'
import {
  ACTIONS,
  decide,
  describedRecord,
  evaluateAccess,
  isOpenTo,
  type AccessRequest,
  type Action,
  type Evaluation,
  type EvaluationResult,
  type FetchedRecord,
  type Resource,
} from '@varco/policy'
import { noteQuestion } from '../ask-candidate.ts'
import type { Identity } from '../identity/token-verifier.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { budgetSpent } from '../steps/budget-left.ts'
import { spendBudgets } from '../steps/spend-budgets.ts'
import { establishContext, type Established } from '../steps/establish-context.ts'
import { disclosureOf } from '../steps/mask.ts'
import { readNamedRecord } from './read-named-record.ts'
import { recordEvaluation } from './record-evaluation.ts'
import { told, type Told } from './told.ts'
import { emptyTrail, type Visit } from '../visit.ts'

/** Who asks for decisions. */
export interface Asker {
  readonly visit: Visit
  readonly identity: Identity
  readonly context: Established
}

/** Whom a question is about, in their own context. */
export interface Subject {
  readonly visit: Visit
  readonly context: Established
  /** Pseudonym of whoever asked for them; `null`: they asked themselves. */
  readonly askedBy: string | null
}

/** The one kind of subject there is: who works here, by their issuer's `sub`. */
export const SUBJECT_TYPE = 'operator'

/**
 * One question, answered and recorded, each as an access of its own under the same request: whoever is told that a
 * record may be shown is about to show it, and that is the last the log can hear of it.
 * @throws UnavailableError when it cannot be recorded: then there is no answer
 */
export async function evaluateRecorded(asker: Asker, question: Evaluation): Promise<EvaluationResult> {
  const { bundle, now } = asker.visit
  const action = question.action.name
  const resource = bundle.resources.get(question.resource.type as ResourceName) ?? null
  const subject = await subjectOf(asker, question.subject, question.context)
  if ('refused' in subject) {
    const result = refused(bundle.version, subject)
    const visit = { ...asker.visit, trail: { ...asker.visit.trail } }
    await recordEvaluation(visit, { action, resource, result, disclosures: [], askedBy: null })
    return result
  }
  const { visit, context, askedBy } = subject
  const { principal, contract, ticket, grant } = context
  const { purpose } = visit.trail.statement
  const facts = { now, principal, contract, purpose, ticket, grant }
  const known = ACTIONS.find((each) => each === action)
  const { answer, record, isRead } = await judge(visit, facts, known, resource, question)
  if (known !== undefined)
    noteQuestion(visit, answer, {
      request: { ...facts, action: known, resource: question.resource.type },
      records: record === null ? [] : [record],
    })
  const about = answer.decision && resource !== null && record !== null ? { resource, record } : null
  const named = about === null ? [] : [disclosureOf(about.resource, about.record)]
  const unusable = about === null ? null : await outOfUse(visit, about.resource, about.record)
  // A record that may be shown is one more that the operator is shown.
  const over =
    unusable ??
    (named.length === 0 ? null : await overspent({ visit, facts, action: known, resource, named }))
  const found = over === null ? answer : refused(bundle.version, over)
  // Of a record that the gate has read, also this refusal tells that it is there.
  const disclosures = over === null || (isRead && unusable === null) ? named : []
  // What the log hears is the true reason, also where the caller may not.
  await recordEvaluation(visit, { action, resource, result: found, disclosures, askedBy })
  if (resource === null || !isOpenTo(bundle.rules, { ...facts, resource: resource.name }))
    return refused(bundle.version, told('unknown-resource'))
  const shown = visibleOnly(found)
  return asker.context.principal.kind === 'workload' ? shown : withoutRules(shown)
}

interface Judged {
  readonly answer: EvaluationResult
  /** What the answer is about, as far as it is known; `null`: no record. */
  readonly record: FetchedRecord | null
  /** It is the gate's own knowledge, not the question's. */
  readonly isRead: boolean
}

/**
 * A record that is described is judged by that, one that is named by its id alone as the gate reads it. Where it stands with
 * an upstream the gate does not read it: then the rules alone must suffice.
 */
async function judge(
  visit: Visit,
  facts: Omit<AccessRequest, 'action' | 'resource'>,
  action: Action | undefined,
  resource: Resource | null,
  question: Evaluation,
): Promise<Judged> {
  const { bundle } = visit
  const { id, properties } = question.resource
  const evaluate = (asked: Evaluation): Promise<EvaluationResult> =>
    evaluateAccess(bundle, asked, async () => facts)
  if (action === undefined || resource === null) return { ...NO_RECORD, answer: await evaluate(question) }
  if (properties !== undefined || resource.relation === null) {
    const record = describedRecord(resource, question.resource)
    return { answer: await evaluate(question), record, isRead: false }
  }
  const found = await readNamedRecord(visit, facts, action, resource, id)
  if ('refused' in found) return { ...NO_RECORD, answer: refused(bundle.version, found) }
  const { record } = found
  if (record !== null) {
    const described = { ...question, resource: { ...question.resource, properties: record } }
    return { answer: await evaluate(described), record, isRead: true }
  }
  const answer = await evaluate(question)
  return {
    ...NO_RECORD,
    answer: answer.decision ? refused(bundle.version, told('condition-not-met')) : answer,
  }
}

const NO_RECORD = { record: null, isRead: false } as const

/** What is restricted is out of everybody's reach, also known by its id alone, in the words of a record that the rules do not cover. */
async function outOfUse({ gate }: Visit, resource: Resource, record: FetchedRecord): Promise<Told | null> {
  const isRestricted = (await gate.restricted())(resource)
  return isRestricted(record) ? told('condition-not-met') : null
}

/** Counts the record, and whose it is, against every budget; `null`: within all of them. */
async function overspent({
  visit,
  facts,
  action,
  resource,
  named,
}: {
  readonly visit: Visit
  readonly facts: Omit<AccessRequest, 'action' | 'resource'>
  readonly action: Action | undefined
  readonly resource: Resource | null
  readonly named: readonly DisclosureDraft[]
}): Promise<Refusal | null> {
  if (resource === null || action === undefined) return budgetSpent()
  const permit = decide(visit.bundle, { ...facts, action, resource: resource.name })
  if (permit.effect === 'deny') return budgetSpent()
  return spendBudgets(visit, [{ resource, permit, disclosures: named }])
}

/** For somebody the asker may not ask about as for somebody who does not exist: which of the two is not told. */
export async function subjectOf(
  asker: Asker,
  { type, id, properties }: Evaluation['subject'],
  stated: Evaluation['context'],
): Promise<Subject | Told> {
  const { visit, identity, context } = asker
  const issuer = properties?.['issuer'] ?? identity.issuer
  if (type !== SUBJECT_TYPE || typeof issuer !== 'string') return UNKNOWN_SUBJECT
  const isOwn = id === identity.externalId && issuer === identity.issuer
  if (!isOwn && !mayAskForOthers(asker, issuer)) return UNKNOWN_SUBJECT
  const inner: Visit = {
    ...visit,
    header: (name) => statedIn(stated, name) ?? visit.header(name),
    // A candidate is asked about all that one request asks.
    trail: { ...emptyTrail(visit.bundle.version), questions: visit.trail.questions },
  }
  const found = await establishContext(inner, { ...identity, issuer, externalId: id })
  if (isOwn) return isRefusal(found) ? found : { visit: inner, context: found, askedBy: null }
  // A contractor's program asks about those who work for the same contract.
  if (isRefusal(found) || (context.contract !== null && found.contract?.id !== context.contract.id))
    return UNKNOWN_SUBJECT
  return { visit: inner, context: found, askedBy: context.principal.pseudonym }
}

/** A program that enforces decisions for others, in a role the bundle names for it; the body's own for anybody's people. */
function mayAskForOthers({ visit, identity, context }: Asker, issuer: string): boolean {
  const { principal, contract } = context
  const role = visit.bundle.document.varco.roles[principal.role]
  return (
    principal.kind === 'workload' &&
    role?.asks_for_others === true &&
    (issuer === identity.issuer || contract === null)
  )
}

/** A question may state its own purpose, ticket and grant; else those of the request's headers hold. */
function statedIn(stated: Evaluation['context'], header: string): string | undefined {
  const name = { 'varco-purpose': 'purpose', 'varco-ticket': 'ticket', 'varco-grant': 'grant' }[header]
  const value = name === undefined ? undefined : stated?.[name]
  return value === undefined ? undefined : typeof value === 'string' ? value : '\0'
}

/** A field that is hidden is not even named. */
function visibleOnly(result: EvaluationResult): EvaluationResult {
  const { fields, ...context } = result.context
  if (fields === undefined) return result
  const shown = Object.entries(fields).filter(([, outcome]) => outcome !== 'hidden')
  return { ...result, context: { ...context, fields: Object.fromEntries(shown) } }
}

/** Which rule it was is for programs that enforce them. */
function withoutRules({ decision, context }: EvaluationResult): EvaluationResult {
  const codes = Object.entries(context.reason_admin).map(([index, text]) => [index, text.split(' ')[0] ?? ''])
  return { decision, context: { ...context, reason_admin: Object.fromEntries(codes) } }
}

const UNKNOWN_SUBJECT: Told = {
  refused: true,
  code: 'unknown-subject',
  text: { it: 'Non è una persona di cui si possa chiedere.', en: 'Nobody that may be asked about.' },
}

function refused(version: string, { code, text }: Omit<Told, 'refused'>): EvaluationResult {
  return {
    decision: false,
    context: { reason_admin: { 0: code }, reason_user: text, policy_version: version },
  }
}
