// What a question over two resources may be answered, and what the log must say of it: each record looked at on its own.
import type { FieldName } from '@varco/core'
import { decide, type AccessRequest, type Action, type Permit } from '@varco/policy'
import type { RelatedQuery } from './related-query.ts'
import { RELATIONS } from './related-query.ts'
import { asFetched, isOpen, jsonOf, mustHold, type Question, type Row } from './reference.ts'
import type { Heard } from './world-gate.ts'

export interface RelatedQuestion extends Omit<Question, 'query'> {
  readonly query: RelatedQuery
}

/** Records of an answer, and of what is within them, by their keys. */
interface Expected {
  readonly status: number
  readonly records: readonly unknown[]
  readonly total: number | null
  readonly own: readonly string[]
  readonly within: readonly string[]
}

/** @returns what kind of answer it was */
export function checkRelated(question: RelatedQuestion, heard: Heard, seed: number): string {
  const { query } = question
  const { response, text, events } = heard
  const expected = expectedOf(question)
  const context = (): string =>
    `seed ${seed}: ${JSON.stringify(query)}\n${response.status} ${text}\nexpected ${JSON.stringify(expected)}\nrecorded ${JSON.stringify(events)}`
  mustHold(response.status === expected.status, context)
  mustHold(!text.includes('nobody declared this'), context)
  const isShown = expected.status === 200
  if (isShown && query.form !== 'count') mustHold(same(answered(query, text), expected.records), context)
  if (isShown)
    mustHold(response.headers.get('content-range')?.split('/')[1] === String(expected.total ?? '*'), context)
  const [top, inner] = events
  const keys = (of: typeof top): readonly string[] =>
    (of?.disclosures ?? []).map(({ recordKey }) => recordKey).toSorted()
  mustHold(same(keys(top), expected.own) && same(keys(inner), expected.within), context)
  const told = expected.status === 200 || expected.status === 406
  mustHold(events.length === (told && query.embed !== null ? 2 : 1), context)
  for (const event of events) {
    mustHold(event.decision === (isShown ? 'permit' : 'deny'), context)
    const shown = [...event.plain, ...event.masked]
    mustHold(isShown || shown.length === 0, context)
    const named = event === inner ? (query.embed?.fields ?? []) : query.fields
    mustHold(
      shown.every((field) => named.includes(field)),
      context,
    )
  }
  const { form, embed } = query
  return `${form} ${response.status}${isShown && embed !== null && expected.within.length > 0 ? ', embedded' : ''}`
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

const NOTHING = { records: [], total: null, own: [], within: [] }

function expectedOf(question: RelatedQuestion): Expected {
  const { bundle, request, rows, query } = question
  const { form, embed } = query
  const refused = (status: number): Expected => ({ ...NOTHING, status })
  const wantsCount = form === 'count' || form === 'list counted'
  const action: Action = form === 'count' ? 'count' : form === 'table' ? 'export' : 'read'
  if (!isOpen(bundle, asking(request, 'thing', action))) return refused(404)
  const own = permitsOf(question, 'thing', wantsCount ? [action, 'count'] : [action])
  if (own === null) return refused(403)
  const relation = embed === null ? null : RELATIONS[embed.relation]
  if (relation !== null && !isBest(own.slice(0, 1), relation.field, 'plain')) return refused(400)
  const compared = [
    ...(query.id === null ? [] : ['id']),
    ...(relation !== null && embed?.inner === true ? [relation.field] : []),
  ]
  if ([...query.fields, ...compared].some((field) => best(own[0], field) === 'hidden')) return refused(400)
  if (!compared.every((field) => isBest(own, field, 'plain'))) return refused(400)
  const parts = embed === null || relation === null ? null : partsOf(question, embed, relation.to, wantsCount)
  if (typeof parts === 'number') return refused(parts)

  const reach = (permits: readonly Asked[]): readonly Row[] =>
    rows.filter(
      (row) =>
        (query.id === null || row['id'] === query.id) &&
        permits.every((each) => isPlainOn(question, each, row, compared)),
    )
  const belonging = (row: Row, among: readonly Row[]): readonly Row[] => {
    if (relation === null || !isPlainOn(question, own[0], row, [relation.field])) return []
    const link = row[relation.field] ?? null
    return link === null ? [] : among.filter((part) => part[relation.to] === link)
  }
  const having = (some: readonly Row[], among: readonly Row[]): readonly Row[] =>
    embed?.inner === true ? some.filter((row) => belonging(row, among).length > 0) : some
  const total = wantsCount ? having(reach(own), parts?.counted ?? []).length : null
  const found = form === 'count' ? [] : having(reach(own.slice(0, 1)), parts?.shown ?? [])
  const told = {
    total: form === 'one' ? null : total,
    own: found.map(({ id }) => String(id)).toSorted(),
    within: [
      ...new Set(found.flatMap((row) => belonging(row, parts?.shown ?? []).map(({ id }) => String(id)))),
    ].toSorted(),
  }
  if (form === 'one' && found.length !== 1) return { ...NOTHING, ...told, status: 406 }
  const records = found.map((row) => {
    if (form === 'table') return tableLine(question, own[0], row, query.fields)
    const members = membersOf(question, own[0], row, query.fields, '')
    const within = belonging(row, parts?.shown ?? [])
    return Object.fromEntries([...members, ...withinOf(question, parts?.permit ?? null, within)])
  })
  return { ...told, status: 200, records: sorted(records) }
}

/** An action of which the decision permits something. */
interface Asked {
  readonly asked: AccessRequest
  readonly permit: Permit
}

interface Parts {
  readonly permit: Asked
  /** Within reach; and of those, the ones that may be counted. */
  readonly shown: readonly Row[]
  readonly counted: readonly Row[]
}

/** The parts that may be asked for so; or the status of the refusal. */
function partsOf(
  question: RelatedQuestion,
  { filter, fields, inner }: NonNullable<RelatedQuery['embed']>,
  to: string,
  wantsCount: boolean,
): Parts | number {
  const { bundle, request, rows } = question
  const isNaming = to === 'id' && (filter === null || filter.field === 'id')
  const action = isNaming ? 'read' : 'search'
  if (!isOpen(bundle, asking(request, 'part', action))) return 400
  const permits = permitsOf(question, 'part', wantsCount && inner ? [action, 'count'] : [action])
  if (permits === null) return 403
  if (!isBest(permits.slice(0, 1), to, 'plain')) return 400
  const compared = [to, ...(filter === null ? [] : [filter.field])]
  if ([...fields, ...compared].some((field) => best(permits[0], field) === 'hidden')) return 400
  if (!compared.every((field) => isBest(permits, field, 'plain'))) return 400
  const within = (some: readonly Asked[]): readonly Row[] =>
    rows.filter(
      (row) =>
        some.every((each) => isPlainOn(question, each, row, compared)) &&
        (filter === null || String(row[filter.field] ?? null) === filter.value),
    )
  return { permit: permits[0], shown: within(permits.slice(0, 1)), counted: within(permits) }
}

function asking(request: AccessRequest, resource: string, action: Action): AccessRequest {
  return { ...request, resource, action }
}

function permitsOf(
  { bundle, request }: RelatedQuestion,
  resource: string,
  [first, ...others]: readonly [Action, ...Action[]] | readonly Action[],
): readonly [Asked, ...Asked[]] | null {
  const permits = [first ?? 'read', ...others].flatMap((action): Asked[] => {
    const asked = asking(request, resource, action)
    const permit = decide(bundle, asked)
    return permit.effect === 'permit' ? [{ asked, permit }] : []
  })
  const [own, ...more] = permits
  return own === undefined || permits.length < 1 + others.length ? null : [own, ...more]
}

function best({ permit }: Asked, field: string): string {
  return permit.fields.get(field as FieldName)?.best ?? 'hidden'
}

function isBest(permits: readonly Asked[], field: string, outcome: string): boolean {
  return permits.every((each) => best(each, field) === outcome)
}

function isPlainOn(
  { outcomesOf }: RelatedQuestion,
  { asked }: Asked,
  row: Row,
  fields: readonly string[],
): boolean {
  const outcomes = outcomesOf(asked, row)
  return outcomes !== null && fields.every((field) => outcomes.get(field as FieldName)?.outcome === 'plain')
}

/** Each field that is not hidden on the record, as JSON text. */
function textsOf(
  { outcomesOf, mask }: RelatedQuestion,
  { asked }: Asked,
  row: Row,
  fields: readonly string[],
): ReadonlyMap<string, string> {
  const outcomes = outcomesOf(asked, row)
  return new Map(
    fields.flatMap((field): (readonly [string, string])[] => {
      const outcome = outcomes?.get(field as FieldName)
      if (outcome === undefined || outcome.outcome === 'hidden') return []
      if (outcome.outcome === 'plain') return [[field, jsonOf(field, row[field])]]
      return [[field, JSON.stringify(mask(outcome.mask ?? 'redact', asFetched(field, row[field])))]]
    }),
  )
}

function membersOf(
  question: RelatedQuestion,
  asked: Asked,
  row: Row,
  fields: readonly string[],
  prefix: string,
): readonly (readonly [string, unknown])[] {
  return [...textsOf(question, asked, row, fields)].map(([field, json]) => [
    `${prefix}${field}`,
    JSON.parse(json),
  ])
}

/** What stands within a record: a list, one or none, or its fields among the record’s own. */
function withinOf(
  question: RelatedQuestion,
  asked: Asked | null,
  parts: readonly Row[],
): readonly (readonly [string, unknown])[] {
  const { embed } = question.query
  if (embed === null || asked === null || embed.fields.length === 0) return []
  const { many } = RELATIONS[embed.relation]
  const shown = parts.map((part) => Object.fromEntries(membersOf(question, asked, part, embed.fields, 'p_')))
  const names = embed.fields.map((field) => `p_${field}`)
  const [one = null] = shown
  if (!embed.spread) return [[embed.relation, many ? sorted(shown) : one]]
  if (many) return names.map((name) => [name, sorted(shown.map((each) => each[name] ?? null))])
  return one === null ? names.map((name) => [name, null]) : Object.entries(one)
}

/** RFC 4180; what is hidden or NULL is nothing, an empty text its quotes. */
function tableLine(question: RelatedQuestion, asked: Asked, row: Row, fields: readonly string[]): string {
  const texts = textsOf(question, asked, row, fields)
  return fields
    .map((field) => {
      const json = texts.get(field) ?? 'null'
      if (json === 'null') return ''
      const text = json.startsWith('"') ? (JSON.parse(json) as string) : json
      return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    .join(',')
}

/** The answer's records in an order of their own, and so are the lists within them: nobody asked for one. */
function answered({ form, fields, embed }: RelatedQuery, text: string): readonly unknown[] {
  if (form === 'table') {
    const [header, ...lines] = text.split('\n')
    return header === fields.join(',') ? sorted(lines) : [header]
  }
  const body = JSON.parse(text) as unknown
  const records = (form === 'one' ? [body] : body) as readonly Readonly<Record<string, unknown>>[]
  if (embed === null) return sorted(records)
  return sorted(
    records.map((record) =>
      Object.fromEntries(
        Object.entries(record).map(([name, value]) => [name, Array.isArray(value) ? sorted(value) : value]),
      ),
    ),
  )
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  const key = (value: unknown): string => JSON.stringify(value)
  return values.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}
