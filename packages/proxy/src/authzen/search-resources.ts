import type { FieldName, ResourceName } from '@varco/core'
import {
  ACTIONS,
  decide,
  isOpenTo,
  type ClosedCondition,
  type Evaluation,
  type EvaluationResult,
  type Permit,
  type RecordQuery,
  type Resource,
} from '@varco/policy'
import { noteQuestion } from '../ask-candidate.ts'
import { isRefusal } from '../refusal.ts'
import { recordsLeft } from '../steps/budget-left.ts'
import { disclosureOf } from '../steps/mask.ts'
import { spendBudgets } from '../steps/spend-budgets.ts'
import { recordEvaluation } from './record-evaluation.ts'
import { subjectOf, type Asker, type Subject } from './evaluate-recorded.ts'

export interface ResourceSearch extends Omit<Evaluation, 'resource'> {
  readonly resource: { readonly type: string }
  readonly page?: { readonly token?: string | undefined; readonly limit?: number | undefined } | undefined
}

/** Section 8: a page, and the token of the one after it; empty on the last. */
export interface FoundResources {
  readonly results: readonly { readonly type: string; readonly id: string }[]
  readonly page: { readonly next_token: string }
}

const PAGE = 100
const NOTHING: FoundResources = { results: [], page: { next_token: '' } }

/**
 * The records on which the subject may do something, by their keys, a page at a time. To learn which there are is to
 * search them, so that must be permitted too; each record on the page counts against every budget and is recorded as
 * shown. A page ends where the operator's budget does; past it nothing is found.
 * @returns `null` for a page's token that is none
 */
export async function searchResources(
  asker: Asker,
  question: ResourceSearch,
): Promise<FoundResources | null> {
  const offset = readToken(question.page?.token)
  if (offset === null) return null
  const { bundle, gate } = asker.visit
  const resource = bundle.resources.get(question.resource.type as ResourceName) ?? null
  const about = { action: question.action.name, resource }
  const subject = await subjectOf(asker, question.subject, question.context)
  if ('refused' in subject) {
    const result = resultOf(bundle.version, [subject.code])
    await recordEvaluation(asker.visit, { ...about, result, disclosures: [], askedBy: null })
    return NOTHING
  }
  const { visit, askedBy } = subject
  const refuse = async (...codes: readonly string[]): Promise<FoundResources> => {
    const result = resultOf(bundle.version, codes)
    await recordEvaluation(visit, { ...about, result, disclosures: [], askedBy })
    return NOTHING
  }
  const permitted = permittedKeys(subject, question.action.name, resource)
  if ('reasons' in permitted) return refuse(...permitted.reasons)
  if (resource === null || resource.relation === null) return refuse('unknown-resource')
  const left = recordsLeft(visit, resource, permitted.bound)
  if (isRefusal(left)) return refuse(left.code)
  const limit = Math.min(question.page?.limit ?? PAGE, gate.limits.records, left)
  const rows = await gate.records.fetch(keysQuery(resource, permitted.reach, { offset, limit: limit + 1 }))
  const disclosures = rows.slice(0, limit).map((row) => disclosureOf(resource, row))
  const over = await spendBudgets(visit, [{ resource, permit: permitted.bound, disclosures }])
  if (over !== null) return refuse(over.code)
  const result = resultOf(bundle.version, ['permitted'], resource.key)
  await recordEvaluation(visit, { ...about, result, disclosures, askedBy })
  return {
    results: disclosures.map(({ recordKey }) => ({ type: resource.name, id: recordKey })),
    page: { next_token: rows.length > limit ? String(offset + limit) : '' },
  }
}

interface PermittedKeys {
  readonly reach: ClosedCondition
  /** The permit that lets fewer records be shown. */
  readonly bound: Permit
}

/** The records whose keys the subject may both search and do the action on; or why there are none. */
function permittedKeys(
  { visit, context }: Subject,
  name: string,
  resource: Resource | null,
): PermittedKeys | { readonly reasons: readonly string[] } {
  const { bundle, now, trail } = visit
  const action = ACTIONS.find((each) => each === name)
  if (action === undefined) return { reasons: ['unknown-action'] }
  if (resource === null || !isOpenTo(bundle.rules, { ...context, resource: resource.name }))
    return { reasons: ['unknown-resource'] }
  const { principal, contract, ticket, grant } = context
  const facts = { now, principal, contract, ticket, grant, purpose: trail.statement.purpose }
  const decisions = [action, 'search' as const].map((each) => {
    const request = { ...facts, action: each, resource: resource.name }
    const decision = decide(bundle, request)
    // Without the records: but their keys nothing of them is fetched.
    noteQuestion(visit, decision, { request, records: [] })
    return decision
  })
  const denied = decisions.flatMap((each) => (each.effect === 'deny' ? each.reasons : []))
  if (denied.length > 0) return { reasons: denied.map(({ code }) => code) }
  const permits = decisions.filter((each): each is Permit => each.effect === 'permit')
  const [bound] = permits.toSorted((a, b) => mostOf(a) - mostOf(b))
  if (bound === undefined || permits.some(({ fields }) => fields.get(resource.key)?.best !== 'plain'))
    return { reasons: ['field-not-plain'] }
  return { reach: { op: 'and', of: permits.flatMap((each) => reachOf(each, resource.key)) }, bound }
}

function mostOf({ obligations }: Permit): number {
  return obligations.maxRecordsPerHour ?? Number.MAX_SAFE_INTEGER
}

/** Rows on which the key itself is not plain are out of reach. */
function reachOf({ rowFilter, fields }: Permit, key: FieldName): readonly ClosedCondition[] {
  const plain = fields.get(key)?.plainWhere
  return plain === undefined ? [rowFilter] : [rowFilter, plain]
}

function keysQuery(
  resource: Resource,
  reach: ClosedCondition,
  window: Pick<RecordQuery, 'offset' | 'limit'>,
): RecordQuery {
  const whose = resource.dataSubject === null ? [] : [resource.dataSubject.field]
  return {
    ...{ resource, reach, ...window },
    fields: [...new Set([resource.key, ...whose])],
    filter: null,
    order: [{ field: resource.key, direction: 'asc', nulls: 'last' }],
  }
}

/** What the log hears; `key`: the one field that is shown, of a search that is permitted. */
function resultOf(version: string, codes: readonly string[], key?: FieldName): EvaluationResult {
  return {
    decision: key !== undefined,
    context: {
      reason_admin: Object.fromEntries(codes.map((code, index) => [String(index), code])),
      reason_user: {},
      policy_version: version,
      ...(key === undefined ? {} : { fields: { [key]: 'plain' } }),
    },
  }
}

function readToken(token: string | undefined): number | null {
  if (token === undefined || token === '') return 0
  return /^\d{1,9}$/.test(token) ? Number(token) : null
}
