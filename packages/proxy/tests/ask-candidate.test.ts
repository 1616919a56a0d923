import { compileBundle, type LiveShadow, type ShadowQuestion } from '@varco/policy'
import { fixtureDocument, memoryRecordWriter } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { gatehouse, INVOICES, type SentRequest } from './gatehouse.ts'

/** A candidate's ear: hears what the bundle in force was asked, and when. */
function listening(isOn = true) {
  const heard: ShadowQuestion[] = []
  const shadow: LiveShadow = {
    isOn,
    observe: (_, questions) => {
      heard.push(...questions)
    },
    [Symbol.asyncDispose]: async () => {},
  }
  return { shadow, heard }
}

const UPDATE = {
  ...{ id: 'cc-invoice-note', effect: 'permit', role: ['contact-centre.operator'], actions: ['update'] },
  ...{ resource: 'invoice', purposes: ['invoice-enquiry'] },
  where: { producer_id: { eq: '$ticket.data_subject' } },
  fields: { plain: ['status'], masked: {}, hidden: [] },
  require: { ticket: 'open', grant: false },
  because: 'Allegato A.3: correzione della fattura',
}

async function gateWith(shadow: LiveShadow) {
  const document = fixtureDocument()
  const access = [...document.access, UPDATE] as typeof document.access
  const records = { invoice: [...INVOICES] }
  const writer = memoryRecordWriter(records)
  return gatehouse({ bundleInForce: compileBundle({ ...document, access }), writer, shadow })
}

const change = {
  method: 'PATCH',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ status: 'disputed' }),
} as const

test('a candidate hears what was asked of a reading and of an update', async () => {
  const { shadow, heard } = listening()
  const gate = await gateWith(shadow)
  expect((await gate.get('/records/invoice?id=eq.1')).status).toBe(200)
  const [reading] = heard.splice(0)
  expect(reading).toMatchObject({ request: { action: 'read', resource: 'invoice' } })
  expect(reading?.records).toHaveLength(1)
  expect((await gate.send('/records/invoice?id=eq.1', change)).status).toBe(204)
  expect(heard.map(({ request }) => request.action)).toContain('update')
})

const evaluation = (path: string, body: unknown): [string, SentRequest] =>
  [
    `/access/v1/${path}`,
    { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  ] as const
const ANNA = { type: 'operator', id: 'anna' }
const INVOICE = { id: 1, producer_id: 'P1', status: 'issued' }
const named = { type: 'invoice', id: '1', properties: INVOICE }

test('a candidate hears what programs ask that enforce decisions themselves, each question once', async () => {
  const { shadow, heard } = listening()
  const gate = await gateWith(shadow)
  const read = { subject: ANNA, action: { name: 'read' } }
  const one = await gate.send(...evaluation('evaluation', { ...read, resource: named }))
  expect(await one.json()).toMatchObject({ decision: true })
  expect(heard.splice(0)).toMatchObject([
    {
      request: { action: 'read', resource: 'invoice', purpose: 'invoice-enquiry' },
      records: [{ ...INVOICE, id: '1' }],
    },
  ])
  const evaluations = [
    { resource: named },
    { resource: { type: 'invoice', id: '2' } },
    { resource: named, action: { name: 'admire' } },
  ]
  await gate.send(...evaluation('evaluations', { ...read, evaluations }))
  expect(heard.splice(0).map(({ records }) => records.length)).toEqual([1, 1])
  await gate.send(...evaluation('search/resource', { ...read, resource: { type: 'invoice' } }))
  expect(heard.map(({ request }) => request.action)).toEqual(['read', 'search'])
})

test('nothing is noted while no candidate is set', async () => {
  const off = listening(false)
  const gate = await gateWith(off.shadow)
  expect((await gate.send('/records/invoice?id=eq.1', change)).status).toBe(204)
  const asked = { subject: ANNA, action: { name: 'read' }, resource: named }
  expect((await gate.send(...evaluation('evaluation', asked))).status).toBe(200)
  expect(off.heard).toEqual([])
})
