// Random rules, random records, random queries: what the proxy answers on PostgreSQL against a reference that looks at
// every record on its own, in another language and without a plan.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { AccessLog, EventDraft } from '@varco/access-log'
import { asId, silentDiagnostics } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { EngagementStore } from '@varco/engagement'
import { assignmentFact, contractFact, operatorFact } from '@varco/engagement/testing'
import {
  compileBundle,
  decideRecord,
  maskValue,
  type AccessRequest,
  type Bundle,
  type BundleDocument,
  type FieldType,
} from '@varco/policy'
import { arbitraryRecord, arbitraryWorld, type World } from '@varco/policy/testing'
import {
  openDatabase,
  postgresRecordSource,
  startEmbeddedServer,
  type Database,
  type EmbeddedServer,
} from '@varco/postgres'
import { createProxy } from '@varco/proxy'
import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { leaves, queryText, type QueryTree } from './query-tree.ts'
import { arbitraryQuery } from './arbitrary-query.ts'
import { RANGE_FIELDS } from './range-reference.ts'
import { expectedAnswer, FIELDS, mustHold, type Row } from './reference.ts'

const WORLDS = 250
const QUERIES_EACH = 200
const SEED = 20_261_124
const AUDIENCE = 'https://varco.example/proxy'
const KEYS = { hmac: new Uint8Array(32).fill(7) }

let server: EmbeddedServer
let database: Database
let rows: readonly Row[]

beforeAll(async () => {
  const dir = path.join(await mkdtemp(path.join(tmpdir(), 'varco-attack-')), 'pg')
  server = await startEmbeddedServer({ dir, durable: false, ephemeral: true })
  database = openDatabase({ url: server.url })
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
  await server[Symbol.asyncDispose]()
})

test(`${WORLDS * QUERIES_EACH} queries: never a fault, never a hidden value, never a record beyond the rules, and the log says what was shown`, async () => {
  // Whoever asks has no grant: rules that need one give nothing.
  const worlds = fc.sample(arbitraryWorld(), { seed: SEED, numRuns: WORLDS }).map((world, index): World => ({
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
})

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

async function openGate({ bundle, request }: World): Promise<Gate> {
  const log = new Map<string, EventDraft>()
  const issuer = request.contract === null ? 'https://login.gse.example' : 'https://login.aurora.example'
  const { authorization, fetch } = await identityProvider(issuer, request)
  const app = createProxy({
    bundle: () => bundle,
    engagement: engagementOf(request, issuer),
    records: postgresRecordSource(database),
    accessLog: loggingTo(log),
    maskKeys: KEYS,
    clock: new ManualClock(request.now),
    newRequestId: () => asId(`req-${++asked}`),
    diagnostics: silentDiagnostics,
    audience: AUDIENCE,
    issuerAddresses: {},
    fetch,
  })
  let asked = 0
  const outcomes = new Map<string, ReturnType<typeof decideRecord>>()
  return {
    check: async (query) => {
      const response = await app.request(`/records/thing?${queryText(query)}`, {
        headers: {
          authorization,
          'varco-purpose': request.purpose ?? '',
          ...(request.ticket === null ? {} : { 'varco-ticket': 'T1' }),
        },
      })
      const text = await response.text()
      const context = `${queryText(query)}\n${text}`
      const expected = expectedAnswer({
        bundle,
        request,
        rows,
        query,
        outcomesOf: (question, row) => {
          const key = `${question.action} ${String(row['id'])}`
          const known = outcomes.get(key)
          if (known !== undefined) return known
          const found = decideRecord(bundle, question, row)
          outcomes.set(key, found)
          return found
        },
        mask: (mask, value) => maskValue(mask, value, KEYS),
      })
      mustHold(response.status === expected.status, () => `${context}\nexpected ${expected.status}`)
      expected.compare(text, context)
      mustHold(!text.includes('nobody declared this'), () => context)
      const recorded = JSON.stringify(recordedOf(log.get(response.headers.get('x-request-id') ?? ''), text))
      const due = JSON.stringify(recordedFor(expected.status, text))
      mustHold(recorded === due, () => `${context}\nrecorded ${recorded}, expected ${due}`)
      return response.status === 200
        ? `200 ${text === '[]' ? 'without' : 'with records'}`
        : String(response.status)
    },
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

function loggingTo(log: Map<string, EventDraft>): AccessLog {
  return {
    append: async (draft) => {
      log.set(draft.requestId, draft)
      return { id: asId('w.1.1'), writer: asId('w'), epoch: 1, seq: 1, at: 0n }
    },
  }
}

function engagementOf(request: AccessRequest, issuer: string): EngagementStore {
  const { principal, contract, ticket } = request
  const operator = operatorFact({ issuer, externalId: 'somebody' })
  const { pseudonym, role, unit, attributes } = principal
  return {
    whoIs: async () => ({
      operator,
      assignments: [assignmentFact({ contract: contract?.id ?? null, pseudonym, role, unit, attributes })],
    }),
    contractState: async () => contractFact(),
    grant: async () => null,
    ticket: async () =>
      ticket === null || ticket === 'unknown'
        ? null
        : { ...ticket, contract: contract?.id ?? null, closedAt: null },
  }
}

const pair = await generateKeyPair('ES256', { extractable: true })
const keys = [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256', use: 'sig' }]

async function identityProvider(
  issuer: string,
  { now }: AccessRequest,
): Promise<{ authorization: string; fetch: typeof globalThis.fetch }> {
  const seconds = Number(now / 1_000_000n)
  const token = await new SignJWT({
    iss: issuer,
    aud: AUDIENCE,
    sub: 'somebody',
    iat: seconds,
    exp: seconds + 600,
  })
    .setProtectedHeader({ alg: 'ES256' })
    .sign(pair.privateKey)
  return {
    authorization: `Bearer ${token}`,
    fetch: async (input) =>
      Response.json(
        String(input instanceof Request ? input.url : input).endsWith('/jwks')
          ? { keys }
          : { issuer, jwks_uri: `${issuer}/jwks` },
      ),
  }
}
