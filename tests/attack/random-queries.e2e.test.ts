// Random rules, random records, random queries: what the proxy answers on PostgreSQL against a reference that looks at
// every record on its own, in another language and without a plan.
import type { EventDraft } from '@varco/access-log'
import {
  compileBundle,
  decideRecord,
  maskValue,
  type Bundle,
  type BundleDocument,
  type FieldType,
  type MaskName,
} from '@varco/policy'
import { arbitraryRecord, arbitraryWorld, type World } from '@varco/policy/testing'
import type { Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { leaves, queryText, type QueryTree } from './query-tree.ts'
import { arbitraryQuery } from './arbitrary-query.ts'
import { RANGE_FIELDS } from './range-reference.ts'
import { expectedAnswer, FIELDS, mustHold, type Question, type Row } from './reference.ts'
import { arbitraryRelatedQuery, relatedPath, withRelated } from './related-query.ts'
import { checkRelated } from './related-reference.ts'
import { KEYS, openWorldGate } from './world-gate.ts'

/** More of them, in more time, with VARCO_ROUNDS, others with VARCO_SEED; whatever fails says its seed. */
const ROUNDS = Number(process.env['VARCO_ROUNDS'] ?? 1)
const SEED = Number(process.env['VARCO_SEED'] ?? 20_261_124)
const WORLDS = 250 * ROUNDS
const QUERIES_EACH = 186
const RELATED_WORLDS = 60 * ROUNDS
const RELATED_EACH = 60
const TIMEOUT_MS = 600_000 * Math.max(1, ROUNDS)

let database: Database
let rows: readonly Row[]

beforeAll(async () => {
  database = await scratchDatabase(inject('serverUrl'), { migrated: false })
  const sampled = fc.sample(arbitraryRecord(), { seed: SEED, numRuns: 60 })
  const documents = fc.sample(fc.option(arbitraryJson, { freq: 5 }), { seed: SEED, numRuns: sampled.length })
  rows = sampled.map((record, index) => {
    const document = documents[index] ?? null
    const ranges = { rooms: ROOMS[index % ROOMS.length] ?? null, heat: HEAT[index % HEAT.length] ?? null }
    return {
      ...(record as Row),
      ...ranges,
      id: index + 1,
      doc: document === null ? null : JSON.stringify(document),
    }
  })
  const types: Readonly<Record<FieldType, string>> = {
    ...{ text: 'text', integer: 'int8', decimal: 'numeric', boolean: 'boolean', date: 'date' },
    ...{ timestamp: 'timestamptz', uuid: 'uuid', 'text[]': 'text[]', json: 'json' },
    ...{ int4range: 'int4range', int8range: 'int8range', numrange: 'numrange' },
    ...{ daterange: 'daterange', tsrange: 'tsrange', tstzrange: 'tstzrange' },
  }
  const columns = Object.entries(FIELDS).map(([name, type]) => `${name} ${types[type]}`)
  await database.pool.query(
    `CREATE SCHEMA world; CREATE TABLE world.thing (${columns.join(', ')}, ghost text DEFAULT 'nobody declared this')`,
  )
  await database.pool.query(
    `INSERT INTO world.thing (${Object.keys(FIELDS).join(', ')})
     SELECT ${Object.keys(FIELDS).join(', ')} FROM json_populate_recordset(NULL::world.thing, $1)`,
    [JSON.stringify(rows.map((row) => ({ ...row, doc: JSON.parse(String(row['doc'])) as unknown })))],
  )
})

afterAll(async () => {
  await database[Symbol.asyncDispose]()
})

test(
  `${WORLDS * QUERIES_EACH} queries: never a fault, never a hidden value, never a record beyond the rules, and the log says what was shown`,
  { timeout: TIMEOUT_MS },
  async () => {
    // Whoever asks has no grant: rules that need one give nothing.
    const worlds = fc
      .sample(arbitraryWorld(), { seed: SEED, numRuns: WORLDS })
      .map((world, index): World => ({
        bundle: withMore(world.bundle, index),
        request: { ...world.request, grant: null },
      }))
    const statuses = new Map<string, number>()
    for (const [index, world] of worlds.entries()) {
      const gate = await openGate(world)
      const queries = fc.sample(arbitraryQuery(), { seed: SEED + index, numRuns: QUERIES_EACH })
      for (let at = 0; at < queries.length; at += 10) {
        const some = queries.slice(at, at + 10)
        const answers = await Promise.all(some.map((query) => gate.check(query)))
        for (const [place, status] of answers.entries()) {
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          const { filters = [], order = [] } = some[place] ?? {}
          const asked = [...filters.flatMap(leaves), ...order]
          if (asked.some(({ field }) => Object.hasOwn(RANGE_FIELDS, field)))
            statuses.set(`${status}, ranges`, (statuses.get(`${status}, ranges`) ?? 0) + 1)
          const isWithin = asked.some(({ within }) => within !== undefined)
          if (isWithin) statuses.set(`${status}, within`, (statuses.get(`${status}, within`) ?? 0) + 1)
        }
      }
    }
    // The generators must reach every kind of answer, or the comparison says little.
    for (const kind of [
      '200 with records',
      '200 without',
      '400',
      '403',
      '200 with records, within',
      '200 with records, ranges',
    ])
      expect(statuses.get(kind), kind).toBeGreaterThan(WORLDS)
  },
)

test(
  `${RELATED_WORLDS * RELATED_EACH} queries over two resources, as lists, as one, as tables, counted: the same of each of them`,
  { timeout: TIMEOUT_MS },
  async () => {
    const worlds = fc.sample(arbitraryWorld(), { seed: SEED + 1, numRuns: RELATED_WORLDS })
    const kinds = new Map<string, number>()
    for (const [index, world] of worlds.entries()) {
      const bundle = withRelated(world.bundle, index)
      const request = { ...world.request, grant: null }
      const ask = await openWorldGate({ bundle, request }, database)
      const outcomesOf = rememberedOutcomes(bundle)
      const mask = (how: MaskName, value: unknown): unknown => maskValue(how, value, KEYS)
      const queries = fc.sample(arbitraryRelatedQuery(), { seed: SEED + index, numRuns: RELATED_EACH })
      for (let at = 0; at < queries.length; at += 10) {
        const checked = await Promise.all(
          queries.slice(at, at + 10).map(async (query) => {
            const heard = await ask(...relatedPath(query))
            return checkRelated({ bundle, request, rows, query, outcomesOf, mask }, heard, SEED)
          }),
        )
        for (const kind of checked) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      }
    }
    // The generators must reach every kind of answer, or the comparison says little.
    for (const kind of [
      'list 200',
      'list 200, embedded',
      'one 200',
      'one 406',
      'table 200',
      'count 200',
      'count 403',
    ])
      expect(kinds.get(kind) ?? 0, `${kind}, seed ${SEED}`).toBeGreaterThan(RELATED_WORLDS / 10)
  },
)

/** As PostgreSQL writes them; one number more of the one than of the other, so that all meet. */
const ROOMS = ['[1,5)', '[5,8)', 'empty', '(,3)', null, '(,)', '[7,)', '[-2,0)']
const HEAT = ['[1.0,5)', '(5,8]', 'empty', '(,1.00)', '[5,5]', '[7.5,)', '(1,5)', null, '[8,9)']

const scalar = fc.constantFrom(null, true, false, 0, 1, -0.5, 10, '', 'a', 'A', '1', 'è', '\u{1D4B3}')
const { value: arbitraryJson } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '0', '-1'), tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))

/** How a permit of a random world shows JSON and lists, each in its turn. */
const SHOWN = ['plain', 'plain', 'redact', 'plain', 'hmac', 'none', 'plain'] as const

const RANGES_SHOWN = [
  'plain',
  'plain',
  'plain',
  'plain',
  'hmac',
  'plain',
  'plain',
  'redact',
  'plain',
] as const

/** The world with fields that hold JSON and ranges, which its permits show in one way or another, and its lists too. */
function withMore({ document, version }: Bundle, turn: number): Bundle {
  const catalogue = document.catalogue.map((file) => ({
    ...file,
    fields: {
      ...file.fields,
      rooms: { ...TITLED, type: RANGE_FIELDS.rooms, nullable: true },
      heat: { ...TITLED, type: RANGE_FIELDS.heat, nullable: true },
      doc: { ...TITLED, type: 'json' as const, nullable: true },
    },
  }))
  let at = turn
  const access = document.access.map((rule): Rule => {
    if (rule.effect !== 'permit' || rule.fields === undefined) return rule
    const { plain, masked, hidden } = rule.fields
    const fields = { plain: [...plain], masked: { ...masked }, hidden }
    for (const field of ['doc', 'tags', 'rooms', 'heat']) {
      const ways = Object.hasOwn(RANGE_FIELDS, field) ? RANGES_SHOWN : SHOWN
      const says = ways[at++ % ways.length] ?? 'none'
      if (says === 'plain') fields.plain.push(field)
      else if (says !== 'none') fields.masked[field] = says
    }
    return { ...rule, fields }
  })
  return compileBundle({ ...document, catalogue, access }, version)
}

type Rule = BundleDocument['access'][number]
const TITLED = { category: 'identification', title: { it: 'doc', en: 'doc' } }

interface Gate {
  /** Asks, compares with the reference, and says what kind of answer it was. */
  readonly check: (query: QueryTree) => Promise<string>
}

async function openGate(world: World): Promise<Gate> {
  const { bundle, request } = world
  const ask = await openWorldGate(world, database)
  const outcomesOf = rememberedOutcomes(bundle)
  return {
    check: async (query) => {
      const { response, text, events } = await ask(`/records/thing?${queryText(query)}`)
      const context = `seed ${SEED}: ${queryText(query)}\n${text}`
      const mask = (how: MaskName, value: unknown): unknown => maskValue(how, value, KEYS)
      const expected = expectedAnswer({ bundle, request, rows, query, outcomesOf, mask })
      mustHold(response.status === expected.status, () => `${context}\nexpected ${expected.status}`)
      expected.compare(text, context)
      mustHold(!text.includes('nobody declared this'), () => context)
      const recorded = JSON.stringify(recordedOf(events[0], text))
      const due = JSON.stringify(recordedFor(expected.status, text))
      mustHold(recorded === due, () => `${context}\nrecorded ${recorded}, expected ${due}`)
      return response.status === 200
        ? `200 ${text === '[]' ? 'without' : 'with records'}`
        : String(response.status)
    },
  }
}

/** What the decision says of a record, worked out once for all queries of the same action. */
function rememberedOutcomes(bundle: Bundle): Question['outcomesOf'] {
  const outcomes = new Map<string, ReturnType<typeof decideRecord>>()
  return (question, row) => {
    const key = `${question.resource} ${question.action} ${String(row['id'])}`
    const known = outcomes.get(key)
    if (known !== undefined) return known
    const found = decideRecord(bundle, question, row)
    outcomes.set(key, found)
    return found
  }
}

/** What the log must say of an answer: as many records as it shows, and no field that it does not. */
function recordedFor(status: number, text: string): unknown {
  return status === 200
    ? { decision: 'permit', records: (JSON.parse(text) as unknown[]).length, unseen: [] }
    : { decision: 'deny', records: 0, unseen: [] }
}

function recordedOf(event: EventDraft | undefined, text: string): unknown {
  const fields = [...(event?.plain ?? []), ...(event?.masked ?? [])]
  const unseen = fields.filter((field) => !text.includes(`"${field}"`) && !text.includes(`"${field}_`))
  return { decision: event?.decision, records: event?.disclosures.length, unseen }
}
