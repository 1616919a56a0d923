// Whoever may write a field that is unique could try values against records they may not see: a change that the tables refuse says
// nothing of why, each try is in the log with the record it was made on, and the hour's budget ends them.
import { compileBundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
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
    CREATE TRIGGER refuse BEFORE UPDATE ON gse.invoice FOR EACH ROW WHEN (NEW.number = 'triggered') EXECUTE FUNCTION gse.refuse();`)
})

afterAll(async () => {
  await attacked[Symbol.asyncDispose]()
})

async function renumbering(): Promise<Gatehouse> {
  const document = fixtureDocument()
  return gatehouse({
    bundleInForce: compileBundle({ ...document, access: [...document.access, RENUMBER] }),
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
