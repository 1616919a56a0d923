// Whoever may write a field that is unique could try values against records they may not see: a change that the tables refuse says
// nothing of why, neither in words nor by the time it takes, each try is in the log with the record it was made on, and the hour's
// budget ends them.
import { compileBundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument, withoutBudgets } from '@varco/policy/testing'
import { postgresRecordSource, postgresRecordWriter } from '@varco/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gatehouse, type Gatehouse } from '../../packages/proxy/tests/gatehouse.ts'
import { openAttackedGate, type AttackedGate } from './attacked-gate.ts'

type Rule = BundleDocument['access'][number]

const TRIES = 6
const RENUMBER = {
  ...{ id: 'cc-invoice-renumber', effect: 'permit', role: ['contact-centre.operator'], actions: ['update'] },
  ...{
    resource: 'invoice',
    purposes: ['invoice-enquiry'],
    where: { producer_id: { eq: '$ticket.data_subject' } },
  },
  fields: { plain: ['number'], masked: {}, hidden: [] },
  require: { ticket: 'open', grant: false, max_records_per_hour: TRIES },
  because: 'Allegato A.3: correzione del numero',
} as unknown as Rule

let attacked: AttackedGate

beforeAll(async () => {
  attacked = await openAttackedGate()
  await attacked.database.pool.query(`
    ALTER TABLE gse.invoice ADD UNIQUE (number), ADD CHECK (number <> 'checked');
    CREATE FUNCTION gse.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'no: %', NEW.number USING DETAIL = 'trigger-detail'; END $$;
    CREATE FUNCTION gse.refuse_late() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_sleep(0.1); RAISE EXCEPTION 'no'; END $$;
    CREATE TRIGGER refuse_late BEFORE UPDATE ON gse.invoice FOR EACH ROW WHEN (NEW.number = 'late') EXECUTE FUNCTION gse.refuse_late();
    CREATE TRIGGER refuse BEFORE UPDATE ON gse.invoice FOR EACH ROW WHEN (NEW.number = 'triggered') EXECUTE FUNCTION gse.refuse();`)
})

afterAll(async () => {
  await attacked[Symbol.asyncDispose]()
})

async function renumbering(boundsOf = (document: BundleDocument) => document): Promise<Gatehouse> {
  const document = fixtureDocument()
  return gatehouse({
    bundleInForce: compileBundle(boundsOf({ ...document, access: [...document.access, RENUMBER] })),
    source: postgresRecordSource(attacked.database),
    writer: postgresRecordWriter(attacked.database),
  })
}

/** All that the answer says, but for what tells requests apart. */
async function tried(gate: Gatehouse, number: string): Promise<string> {
  const response = await gate.send('/records/invoice?id=eq.1', {
    ...{ method: 'PATCH', body: JSON.stringify({ number }) },
    headers: { 'content-type': 'application/json' },
  })
  const kept = [...response.headers].filter(([name]) => name !== 'varco-event' && name !== 'x-request-id')
  const body = (await response.text()).replaceAll(/"(?:event|request)":"[^"]*"/g, '')
  return JSON.stringify([response.status, kept, body])
}

test('the number of a record out of sight, of one in sight and one that the tables do not take are refused in every byte alike', async () => {
  const gate = await renumbering()
  const before = await attacked.state()
  const refused = await tried(gate, 'SEALED-3')
  expect(refused).toMatch(/^\[409,/)
  for (const number of ['OTHERS-4', '2026/2', 'checked', 'triggered'])
    expect(await tried(gate, number)).toBe(refused)
  expect(refused).not.toMatch(/SEALED|unique|constraint|invoice_number|-detail/)
  expect(await attacked.state()).toEqual(before)
})

test('each try is recorded with the record it was made on, and counts: the budget ends them, right or wrong', async () => {
  const gate = await renumbering()
  const statuses: unknown[] = []
  for (let count = 0; count <= TRIES; count++)
    statuses.push((JSON.parse(await tried(gate, 'SEALED-3')) as readonly unknown[])[0])
  expect(statuses).toEqual([...Array.from({ length: TRIES }, () => 409), 429])
  const intended = gate.log.drafts.filter(({ changes }) => changes !== undefined)
  expect(intended).toHaveLength(TRIES)
  for (const { disclosures, changes } of intended) {
    expect(disclosures).toMatchObject([{ recordKey: '1', dataSubject: { id: 'P1' } }])
    expect(changes).toMatchObject([{ field: 'number' }])
  }
  expect(gate.log.drafts.filter(({ detail }) => detail?.['stage'] === 'not-done')).toHaveLength(TRIES)
  gate.log.drafts.length = 0
  expect(await tried(gate, 'SEALED-3')).toBe(await tried(gate, 'surely-free'))
  expect(gate.log.drafts.map(({ decision }) => decision)).toEqual(['deny', 'deny'])
})

/** How long each of the numbers takes to be refused, in turns, in milliseconds. */
async function timesOf(
  gate: Gatehouse,
  numbers: readonly string[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const times = numbers.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const step of numbers.keys()) {
      // Each is first, second and last as often as the others: whatever slows the machine slows them alike.
      const at = (round + step) % numbers.length
      const started = performance.now()
      const answer = await tried(gate, numbers[at] ?? '')
      times[at]?.push(performance.now() - started)
      expect(answer).toMatch(/^\[409,/)
    }
  return times
}

/** How often one of `a` takes longer than one of `b`: a half where nothing tells them apart. */
function isLonger(a: readonly number[] = [], b: readonly number[] = []): number {
  const wins = a.flatMap((x) => b.map((y) => (x > y ? 1 : x === y ? 0.5 : 0)))
  return wins.reduce((sum: number, win) => sum + win, 0) / wins.length
}

test(
  'nor does the time tell: of a record out of sight, somebody else’s, and one in sight',
  { timeout: 120_000 },
  async () => {
    const gate = await renumbering(withoutBudgets)
    const numbers = ['SEALED-3', 'OTHERS-4', '2026/2']
    await timesOf(gate, numbers, 5)
    const [sealed, others, own] = await timesOf(gate, numbers, 80)
    // By chance alone each strays by 0.046 from a half.
    for (const [a, b] of [
      [sealed, own],
      [others, own],
      [sealed, others],
    ])
      expect(Math.abs(isLonger(a, b) - 0.5)).toBeLessThan(0.25)
    // What does take longer would be found, on a machine however busy.
    const [late, early] = await timesOf(gate, ['late', '2026/2'], 12)
    expect(isLonger(late, early)).toBeGreaterThan(0.75)
  },
)
