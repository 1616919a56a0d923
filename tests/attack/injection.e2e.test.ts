// Every place in which a request takes text, against every text that ever broke something, on a real PostgreSQL.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAttackedGate, SECRETS, type AttackedGate } from './attacked-gate.ts'
import { PAYLOADS } from './payloads.ts'

let attacked: AttackedGate
let before: unknown

beforeAll(async () => {
  attacked = await openAttackedGate()
  before = await attacked.state()
})

afterAll(async () => {
  await attacked[Symbol.asyncDispose]()
})

const ANSWERS: ReadonlySet<number> = new Set([200, 206, 400, 401, 403, 404, 405, 406, 416])
/** Pieces of what a database says when it is asked something wrong. */
const DATABASE_TALK =
  /syntax error|SQLSTATE|relation "|column "|operator does not exist|pg_catalog|SELECT |postgres/i
const SLOW_MS = 5_000

/** Sends it; nothing may leak, fail or take long, whatever it is. */
async function attack(path: string, headers: Readonly<Record<string, string>> = {}): Promise<'harmless'> {
  const started = performance.now()
  const response = await attacked.gate.get(path, headers)
  const text = await response.text()
  const context = `${path} ${JSON.stringify(headers)}\n${response.status} ${text}`
  expect(ANSWERS.has(response.status), context).toBe(true)
  // What the caller sent is no secret, but nothing of it comes back either: a refusal holds no value.
  expect(response.status >= 400 && DATABASE_TALK.test(text), context).toBe(false)
  for (const secret of SECRETS) expect(text.includes(secret), context).toBe(false)
  const everything = [...response.headers].map((header) => header.join(': ')).join('\n')
  for (const secret of SECRETS) expect(everything.includes(secret), context).toBe(false)
  expect(response.headers.get('set-cookie'), context).toBeNull()
  expect(foreignRecords(response.status, text), context).toEqual([])
  expect(performance.now() - started, context).toBeLessThan(SLOW_MS)
  return 'harmless'
}

/** Keys in an answer of records that are not the caller's. */
function foreignRecords(status: number, text: string): readonly unknown[] {
  if (status !== 200 || !text.startsWith('[')) return []
  return (JSON.parse(text) as readonly { readonly id?: unknown }[])
    .map(({ id }) => id)
    .filter((id) => ![undefined, 1, 2, '1', '2', 'P1'].includes(id as number))
}

const q = (text: string): string => encodeURIComponent(text.toWellFormed())

/** Where in an address text can stand. */
const PLACES: Readonly<Record<string, (text: string) => string>> = {
  'the resource': (text) => `/records/${q(text)}`,
  'after the resource': (text) => `/records/invoice/${q(text)}`,
  'a value': (text) => `/records/invoice?number=eq.${q(text)}`,
  'a number': (text) => `/records/invoice?amount=gt.${q(text)}`,
  'a pattern': (text) => `/records/invoice?number=ilike.*${q(text)}*`,
  'a list': (text) => `/records/invoice?number=in.(${q(text)},x)`,
  'a quoted list': (text) => `/records/invoice?number=in.("${q(text)}")`,
  'any of an array': (text) => `/records/invoice?number=eq(any).{${q(text)}}`,
  words: (text) => `/records/invoice?status=fts.${q(text)}`,
  'words, as one asks a search engine': (text) => `/records/invoice?status=wfts(italian).${q(text)}`,
  'words in a row': (text) => `/records/invoice?status=not.phfts.${q(text)}`,
  'an operator': (text) => `/records/invoice?number=${q(text)}.x`,
  'a whole comparison': (text) => `/records/invoice?number=${q(text)}`,
  'a field': (text) => `/records/invoice?${q(text)}=eq.1`,
  'a tree': (text) => `/records/invoice?or=(id.eq.1,${q(text)})`,
  'a value in a tree': (text) => `/records/invoice?and=(number.eq.${q(text)},id.eq.1)`,
  'a selection': (text) => `/records/invoice?select=${q(text)}`,
  'a name in the answer': (text) => `/records/invoice?select=${q(text)}:number`,
  'a cast': (text) => `/records/invoice?select=number::${q(text)}`,
  'a relation': (text) => `/records/invoice?select=id,${q(text)}(id)`,
  'within a relation': (text) => `/records/invoice?select=id,producer(${q(text)})`,
  'a filter within a relation': (text) =>
    `/records/invoice?select=id,producer!inner(id)&producer.${q(text)}=eq.1`,
  'an order': (text) => `/records/invoice?order=${q(text)}`,
  'an order’s direction': (text) => `/records/invoice?order=number.${q(text)}`,
  'a limit': (text) => `/records/invoice?limit=${q(text)}`,
  'an offset': (text) => `/records/invoice?offset=${q(text)}`,
  'a parameter of writing': (text) => `/records/invoice?columns=${q(text)}&on_conflict=${q(text)}`,
}

const HEADERS = [
  ...['varco-purpose', 'varco-ticket', 'varco-grant', 'varco-workstation', 'varco-instructed-by'],
  ...[
    'accept',
    'accept-language',
    'prefer',
    'range',
    'range-unit',
    'x-request-id',
    'authorization',
    'dpop',
    'client-cert',
  ],
  ...[
    'accept-profile',
    'content-profile',
    'if-none-match',
    'x-forwarded-for',
    'x-http-method-override',
    'host',
  ],
]

describe('classic payloads', () => {
  test.each(Object.entries(PLACES))('as %s', async (_, place) => {
    for (const payload of PAYLOADS) expect(await attack(place(payload))).toBe('harmless')
  })

  test.each(HEADERS)('in %s', async (name) => {
    for (const payload of PAYLOADS) {
      // What no header can hold never reaches the gate.
      const sent = payload.replaceAll(/[^\t\x20-\x7e]/g, '')
      expect(await attack('/records/invoice?id=eq.1&select=id,number', { [name]: sent })).toBe('harmless')
    }
  })
})

test('payloads put together at random, in several places at once', async () => {
  const fragment = fc.oneof(
    fc.constantFrom(...PAYLOADS.filter((payload) => payload.length < 100)),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      'eq.',
      'not.',
      '.',
      ',',
      '(',
      ')',
      '{',
      '}',
      '"',
      '->',
      '->>',
      '::',
      ':',
      '!',
      'id',
      'number',
      'issued_on',
    ),
  )
  const text = fc.array(fragment, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''))
  const request = fc.record({
    place: fc.constantFrom(...Object.values(PLACES)),
    text,
    more: fc.array(fc.tuple(fc.constantFrom('select', 'order', 'or', 'and', 'number', 'limit'), text), {
      maxLength: 2,
    }),
    header: fc.option(fc.tuple(fc.constantFrom(...HEADERS), text), { nil: null, freq: 4 }),
  })
  const rounds = Number(process.env['VARCO_ROUNDS'] ?? '1')
  await fc.assert(
    fc.asyncProperty(request, async ({ place, text: first, more, header }) => {
      const parameters = more.map(([name, value]) => `${name}=${q(value)}`).join('&')
      const address = place(first)
      const sent = header === null ? {} : { [header[0]]: header[1].replaceAll(/[^\t\x20-\x7e]/g, '') }
      expect(await attack(`${address}${address.includes('?') ? '&' : '?'}${parameters}`, sent)).toBe(
        'harmless',
      )
    }),
    { numRuns: 600 * rounds, seed: 20_261_125 },
  )
})

test('what is not UTF-8, or is encoded twice, is refused or taken as it is, never decoded again', async () => {
  for (const bytes of ['%ff', '%c0%af', '%ed%a0%80', '%e2%82', '%f8%88%80%80%80', '%', '%2', '%zz', '%u0027'])
    for (const path of [
      `/records/invoice?number=eq.${bytes}`,
      `/records/invoice?${bytes}=eq.1`,
      `/records/invoice?select=${bytes}`,
      `/records/${bytes}`,
    ])
      expect(await attack(path)).toBe('harmless')
  const twice = await attacked.gate.get('/records/invoice?number=eq.2026%252F1')
  expect(await twice.json()).toEqual([])
  expect((await attacked.gate.get('/records/invoice%253Fselect=id')).status).toBe(404)
  expect((await attacked.gate.get('/records/%69nvoice?id=eq.1')).status).toBe(200)
})

test('whatever was sent, the tables hold what they held', async () => {
  expect(await attacked.state()).toEqual(before)
})
