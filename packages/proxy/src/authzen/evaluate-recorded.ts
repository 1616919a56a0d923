import type { DisclosureDraft } from '@varco/access-log'
import type { ResourceName } from '@varco/core'
import {
  ACTIONS,
  decide,
  evaluateAccess,
  isOpenTo,
  REASONS,
  type AccessRequest,
  type Action,
  type Evaluation,
  type EvaluationResult,
  type Resource,
} from '@varco/policy'
import { noteQuestion } from '../ask-candidate.ts'
import type { Identity } from '../identity/token-verifier.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { budgetSpent, spendRecords } from '../steps/budget-left.ts'
import { spendDataSubjects } from '../steps/spend-data-subjects.ts'
import { establishContext, type Established } from '../steps/establish-context.ts'
import { recordEvaluation } from './record-evaluation.ts'
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
  const answer = await evaluateAccess(bundle, question, async () => facts)
  const known = ACTIONS.find((each) => each === action)
  const { type, properties } = question.resource
  if (known !== undefined)
    noteQuestion(visit, answer, {
      request: { ...facts, action: known, resource: type },
      records: properties === undefined ? [] : [properties],
    })
  const named = answer.decision && resource !== null ? disclosed(resource, question) : []
  const unusable = answer.decision ? await outOfUse(visit, resource, question) : null
  // A record that is described is one more that the operator is shown.
  const over =
    unusable ??
    (named.length === 0 ? null : await overspent({ visit, facts, action: known, resource, named }))
  const found = over === null ? answer : refused(bundle.version, over)
  const disclosures = over === null ? named : []
  // What the log hears is the true reason, also where the caller may not.
  await recordEvaluation(visit, { action, resource, result: found, disclosures, askedBy })
  if (resource === null || !isOpenTo(bundle.rules, { ...facts, resource: resource.name }))
    return refused(bundle.version, { code: 'unknown-resource', text: REASONS['unknown-resource'] })
  const shown = visibleOnly(found)
  return asker.context.principal.kind === 'workload' ? shown : withoutRules(shown)
}

/** What is restricted is out of everybody's reach, also known by its id alone, in the words of a record that the rules do not cover. */
async function outOfUse(
  { gate }: Visit,
  resource: Resource | null,
  { resource: { id, properties } }: Evaluation,
): Promise<Told | null> {
  if (resource === null) return null
  const isRestricted = (await gate.restricted())(resource)
  const record = { [resource.key]: id, ...properties }
  // The question names the record twice, and need not name the same.
  return isRestricted(record) || isRestricted({ ...record, [resource.key]: id })
    ? { refused: true, code: 'condition-not-met', text: REASONS['condition-not-met'] }
    : null
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
  const over = await spendDataSubjects(visit, named)
  if (over !== null) return over
  return spendRecords(visit, [{ resource, permit, count: named.length }])
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

/** The record that is about to be shown, as far as the question names it. */
function disclosed({ name, dataSubject }: Resource, { resource }: Evaluation): readonly DisclosureDraft[] {
  const { id, properties } = resource
  if (properties === undefined) return []
  const whose = dataSubject === null ? undefined : properties[dataSubject.field]
  return [
    {
      resource: name,
      recordKey: id,
      dataSubject:
        dataSubject === null || whose === undefined || whose === null
          ? null
          : { kind: dataSubject.kind, id: typeof whose === 'string' ? whose : JSON.stringify(whose) },
    },
  ]
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

/** A reason that comes from no rule. */
type Told = Pick<Refusal, 'refused' | 'code' | 'text'>

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
