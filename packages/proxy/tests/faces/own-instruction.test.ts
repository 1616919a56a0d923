import { fixtureEngagement, memoryEngagement, operatorFact, RecordedActs } from '@varco/engagement/testing'
import { expect, test } from 'vitest'
import { gatehouse, tokenOf, type Gatehouse } from '../gatehouse.ts'

async function world(): Promise<Gatehouse & { readonly acts: RecordedActs }> {
  const acts = new RecordedActs()
  const store = memoryEngagement(fixtureEngagement())
  await store.putOperator(operatorFact({ kind: 'person' }))
  const gate = await gatehouse({ store, instructions: { store, log: acts } })
  return { ...gate, engagement: store, acts }
}

const state = (gate: Gatehouse, body: object, headers = {}) =>
  gate.send('/me/instruction', { method: 'PUT', body: JSON.stringify(body), headers })

const READING = '/records/invoice'

test('what is stated beforehand stands in every access until it ends, and a header says otherwise for one', async () => {
  const gate = await world()
  await gate.get(READING)
  expect(gate.log.last.instructedBy).toBeNull()
  const stated = await state(gate, { instructed_by: 'customer-relations', minutes: 5 })
  expect(stated.status).toBe(200)
  expect(stated.headers.get('varco-event')).toBe('acts.1.1')
  expect(gate.acts.acts).toMatchObject([
    { kind: 'instruction-stated', operator: 'AUR-7F3A', instructedBy: 'customer-relations' },
  ])
  await gate.get(READING)
  expect(gate.log.last).toMatchObject({ decision: 'permit', instructedBy: 'customer-relations' })
  await gate.get(READING, { 'varco-instructed-by': 'GSE-4T2KQ' })
  expect(gate.log.last.instructedBy).toBe('GSE-4T2KQ')
  // What is refused was ordered too.
  await gate.get(READING, { 'varco-purpose': 'antimafia-status' })
  expect(gate.log.last).toMatchObject({ decision: 'deny', instructedBy: 'customer-relations' })
  gate.clock.advance(300_000_000n)
  await gate.get(READING)
  expect(gate.log.last).toMatchObject({ decision: 'permit', instructedBy: null })
})

test('it can be read, replaced and ended; what was said stays in the log', async () => {
  const gate = await world()
  expect(await gate.json('/me/instruction')).toEqual({ instructed_by: null, from: null, until: null })
  await state(gate, { instructed_by: 'customer-relations' })
  await state(gate, { instructed_by: 'antimafia-unit' })
  expect(await gate.json('/me/instruction')).toMatchObject({ instructed_by: 'antimafia-unit' })
  const ended = await gate.send('/me/instruction', { method: 'DELETE' })
  expect(ended.status).toBe(200)
  await gate.get(READING)
  expect(gate.log.last.instructedBy).toBeNull()
  const again = await gate.send('/me/instruction', { method: 'DELETE' })
  expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([404, 'no-instruction'])
  expect(gate.acts.kinds).toEqual(['instruction-stated', 'instruction-stated', 'instruction-ended'])
})

test.each([
  ['a tax code', { instructed_by: 'RSSMRA80A01H501U' }, 'invalid-body'],
  ['an address', { instructed_by: 'capo@example.org' }, 'invalid-body'],
  ['a name', { instructed_by: 'Mario Rossi' }, 'invalid-body'],
  ['more than a shift', { instructed_by: 'customer-relations', minutes: 721 }, 'instruction-too-long'],
  ['another moment', { instructed_by: 'customer-relations', from: '2020-01-01T00:00:00Z' }, 'invalid-body'],
])('%s is sent back and kept nowhere', async (_, body, code) => {
  const gate = await world()
  const answer = await state(gate, body)
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([400, code])
  expect(JSON.stringify(gate.log.drafts)).not.toMatch(/RSSMRA|capo|Rossi/)
  expect(gate.acts.kinds).toEqual([])
})

test('a service states none, and nobody states one for others', async () => {
  const gate = await world()
  await state(gate, { instructed_by: 'customer-relations' })
  const dora = {
    authorization: `Bearer ${await tokenOf('dora', { iss: 'https://login.gse.example' })}`,
    'varco-ticket': null,
  }
  expect(await gate.json('/me/instruction', dora)).toMatchObject({ instructed_by: null })
  await gate.engagement.putOperator(operatorFact({ kind: 'workload' }))
  const refused = await state(gate, { instructed_by: 'customer-relations' })
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([403, 'not-a-person'])
})

test('without the log nothing is kept', async () => {
  const gate = await world()
  gate.acts.failing = true
  expect((await state(gate, { instructed_by: 'customer-relations' })).status).toBe(503)
  gate.acts.failing = false
  expect(await gate.json('/me/instruction')).toMatchObject({ instructed_by: null })
})
