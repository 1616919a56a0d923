import { compileBundle, type LiveShadow, type ShadowQuestion } from '@varco/policy'
import { fixtureDocument, memoryRecordWriter } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { gatehouse, INVOICES } from './gatehouse.ts'

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

test('nothing is noted while no candidate is set', async () => {
  const off = listening(false)
  const gate = await gateWith(off.shadow)
  expect((await gate.send('/records/invoice?id=eq.1', change)).status).toBe(204)
  expect(off.heard).toEqual([])
})
