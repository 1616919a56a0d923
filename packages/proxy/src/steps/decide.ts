import type { FieldName, ResourceName } from '@varco/core'
import {
  decide as decideByPolicy,
  isOpenTo,
  REASONS,
  type Action,
  type Decision,
  type Resource,
} from '@varco/policy'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import { noteQuestion } from '../ask-candidate.ts'
import { embedsIn, leavesOf, QueryError, type FilterLeaf, type Query } from '../dialect/query.ts'
import { readQuery } from '../dialect/read-query.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { recordsLeft } from './budget-left.ts'
import {
  fieldNotAvailable,
  namesOf,
  planReading,
  relationOf,
  type EmbeddedReading,
  type Reading,
} from './plan-reading.ts'
import type { Established } from './establish-context.ts'

/** Step 3: may they, and if so, what exactly is to be fetched and how is it shown. */
export function decide(visit: Visit, context: Established, format: AnswerFormat): Reading | Refusal {
  const { trail } = visit
  trail.resource = visit.bundle.resources.get(visit.resource as ResourceName)?.name ?? null
  const query = readQueryOf(visit)
  if (query instanceof QueryError) return refusal(query.code, { hint: query.hint })
  if (format.kind === 'csv' && query.embeds.length > 0) return refusal('not-supported', { hint: FLAT })
  const wantsCount = asksForCount(visit.header('prefer'))
  const reading = decideLevel(
    { visit, context, wantsCount, top: { visit, format } },
    visit.resource,
    query,
    null,
  )
  // What an upstream alone has is read through it.
  if (!isRefusal(reading) && reading.resource.relation === null)
    return absent(reading.permit, { top: { visit, format } })
  // The answer as a whole is about the resource it was asked of; a refusal stays with the level that was refused.
  if (!isRefusal(reading)) Object.assign(trail, reading.asked)
  return reading
}

export interface Level {
  readonly visit: Visit
  readonly context: Established
  readonly wantsCount: boolean
  /** `null` for embedded records, which are read or searched, and counted with their owner at most. */
  readonly top: { readonly visit: Visit; readonly format: AnswerFormat } | null
}

/** Each resource is decided on its own, with the same caller, purpose and ticket. */
export function decideLevel(
  level: Level,
  name: string,
  query: Query,
  link: FieldName | null,
): Reading | Refusal {
  const { visit, context, wantsCount } = level
  const { bundle, trail } = visit
  const resource = bundle.resources.get(name as ResourceName)
  const leaves = leavesOf(query.filter)
  const action = actionOf(level, leaves, resource, link)
  const filters = resource === undefined ? [] : filtersUsed(leaves, resource)
  Object.assign(trail, { action, filters, rules: [], resource: resource?.name ?? null })

  const permit = ask(visit, context, name, action)
  if (resource === undefined) return absent(permit, level)
  if (permit.effect === 'deny') {
    const isOpen = isOpenTo(bundle.rules, { ...context, resource: name })
    return isOpen ? denied(permit, visit) : absent(permit, level)
  }
  const left = recordsLeft(visit, resource, permit)
  if (isRefusal(left)) return left
  const counting = wantsCount ? ask(visit, context, name, 'count') : null
  if (counting !== null && counting.effect === 'deny') {
    trail.action = 'count'
    return denied(counting, visit)
  }
  const rules = [...new Set([...permit.rules, ...(counting?.rules ?? [])])]
  const asked = { action, filters, rules, resource: resource.name }
  Object.assign(trail, asked)
  const linked = { permit, counting, link, most: Math.min(visit.gate.limits.records, left) }
  const reading = planReading(resource, asked, linked, query, () => {
    const embedded = planEmbedded(level, resource, query)
    if (!isRefusal(embedded)) Object.assign(trail, asked)
    return embedded
  })
  return isRefusal(reading) ? reading : namedOnce(reading)
}

function planEmbedded(
  level: Level,
  owner: Resource,
  { embeds, filter }: Query,
): readonly EmbeddedReading[] | Refusal {
  const embedded: EmbeddedReading[] = []
  const tested = new Set(embedsIn(filter))
  for (const { relation: name, as, inner, spread, query } of embeds) {
    const relation = relationOf(owner, name)
    if (relation === null) return fieldNotAvailable()
    const { from, to, many } = relation
    if (spread && many && query.embeds.some((within) => within.spread))
      return refusal('not-supported', { hint: SPREAD })
    // That an owner is shown tells of its records: the first of them must be on the page, to be recorded and counted.
    const isDecisive = inner || tested.has(as)
    if (many && isDecisive && (query.range.offset > 0 || query.range.limit === 0))
      return refusal('not-supported', { hint: FIRST })
    // Whoever counts owners by what belongs to them counts that too.
    const wantsCount = level.wantsCount && isDecisive
    const reading = decideLevel({ ...level, wantsCount, top: null }, relation.resource, query, to)
    if (isRefusal(reading)) return reading
    const unshown = query.select?.length === 0 && query.embeds.length === 0
    embedded.push({ as, unshown, spread, many, from, to, reading, range: query.range })
  }
  return embedded
}

/** What is spread among the owner's own may bear a name that is taken. */
function namedOnce(reading: Reading): Reading | Refusal {
  const names = namesOf(reading)
  return new Set(names).size < names.length ? refusal('invalid-query', { hint: TWICE }) : reading
}

export function ask(visit: Visit, context: Established, resource: string, action: Action): Decision {
  const { bundle, gate, now, trail } = visit
  const { principal, contract, ticket, grant } = context
  const purpose = trail.statement.purpose
  const request = { now, principal, contract, purpose, ticket, grant, action, resource }
  // A candidate is asked question by question, so each gets an answer of its own.
  const decision =
    gate.shadow?.isOn === true ? decideByPolicy(bundle, request) : gate.decisions.decide(bundle, request)
  noteQuestion(visit, decision, { request, records: [] })
  return decision
}

const SPREAD = {
  it: 'Dentro ... di una relazione con più record, nessun altro ... .',
  en: 'Within ... of a relation with many records no other ... .',
}
const FIRST = {
  it: 'Con !inner, is.null e not.is.null la relazione non ha offset, e limit è almeno 1.',
  en: 'With !inner, is.null and not.is.null the relation has no offset, and a limit of 1 at least.',
}
const TWICE = {
  it: 'Due parti della risposta avrebbero lo stesso nome.',
  en: 'Two parts of the answer would have the same name.',
}
const FLAT = {
  it: 'Una tabella CSV non contiene relazioni.',
  en: 'A CSV table holds no relations.',
}

export function readQueryOf({ query, header }: Visit): Query | QueryError {
  try {
    return readQuery(query, header('range-unit') === 'bytes' ? null : (header('range') ?? null))
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

/**
 * RFC 7240. Whatever kind of count is asked for, the exact one is given: the planner's estimate would count rows out
 * of reach too.
 */
function asksForCount(prefer: string | undefined): boolean {
  return prefer !== undefined && /(?:^|,)\s*count=(?:exact|planned|estimated)\s*(?:,|$)/.test(prefer)
}

/**
 * Who names the records, or the data subject, reads; who looks for them by what they hold searches. Without a
 * filter the rules alone say which records, and that is reading. What ties embedded records to their owner counts as a
 * filter on them. A file for other programs is an export.
 */
function actionOf(
  { top, wantsCount }: Level,
  leaves: readonly FilterLeaf[],
  resource: Resource | undefined,
  link: FieldName | null,
): Action {
  if (top?.visit.method === 'HEAD' && wantsCount) return 'count'
  if (top?.format.kind === 'csv') return 'export'
  const names = new Set<string | undefined>([resource?.key, resource?.dataSubject?.field])
  const isNaming = ({ field, operator, negated }: FilterLeaf): boolean =>
    names.has(field) && (operator === 'eq' || operator === 'in') && !negated
  return leaves.every(isNaming) && (link === null || names.has(link)) ? 'read' : 'search'
}

const LISTS: ReadonlySet<string> = new Set(['in', 'cs', 'ov', 'cd'])

/** The log tells which declared fields were compared, and commits to the values; names nobody declared may hold anything. */
function filtersUsed(leaves: readonly FilterLeaf[], { fields }: Resource): Visit['trail']['filters'] {
  return leaves
    .filter(({ field }) => fields.has(field as FieldName))
    .map(({ field, operator, negated, values }) => ({
      field,
      op: negated ? `not.${operator}` : operator,
      value: LISTS.has(operator) ? JSON.stringify(values) : (values[0] ?? ''),
    }))
}

/**
 * A resource that is none of the caller's business answers as one that does not exist, and so does a relation to it;
 * the log knows why.
 */
export function absent(decision: Decision, { top }: Pick<Level, 'top'>): Refusal {
  const unspoken = [...new Set(decision.reasons.map(({ code }) => code))]
  if (top === null) return { ...fieldNotAvailable(), unspoken }
  const text = REASONS['unknown-resource']
  return { refused: true, status: 404, code: 'unknown-resource', text, unspoken }
}

/** Reasons that a grant of the unit in charge would cure. */
const GRANT_HELPS: ReadonlySet<string> = new Set([
  'no-grant',
  'grant-expired',
  'grant-other-resource',
  'grant-other-action',
  'grant-other-purpose',
  'grant-other-ticket',
])

export function denied(decision: Decision, { gate, trail }: Visit): Refusal {
  const reasons = decision.reasons
  const [first] = reasons
  const code = decision.effect === 'permit' || first === undefined ? 'no-rule' : first.code
  return {
    refused: true,
    status: code === 'unknown-resource' ? 404 : 403,
    code,
    text: first?.text ?? { it: '', en: '' },
    reasons: [...new Set(reasons.map((reason) => reason.code))],
    nearestPurposes: decision.effect === 'deny' ? decision.nearestPurposes : [],
    ...(reasons.some((reason) => GRANT_HELPS.has(reason.code)) ? grantable(trail, gate) : {}),
  }
}

function grantable(
  { action, resource, statement }: Visit['trail'],
  { consoleUrl }: Pick<Visit['gate'], 'consoleUrl'>,
): Pick<Refusal, 'grantable'> {
  const { purpose, ticket } = statement
  if (action === null || resource === null || purpose === null) return {}
  const wanted = { resource, action, purpose, ...(ticket === null ? {} : { ticket }) }
  const page =
    consoleUrl === null ? {} : { page: `${consoleUrl}/grants/new?${new URLSearchParams(wanted).toString()}` }
  return { grantable: { resource, action, purpose, ticket, ...page } }
}
