import { expect, test } from 'vitest'
import { gatehouse, GSE, tokenOf } from '../gatehouse.ts'

interface Access {
  readonly resource: string
  readonly purpose: string
  readonly action: string
  readonly permitted: boolean
  readonly needs?: readonly string[]
  readonly fields?: readonly { readonly field: string; readonly outcome: string; readonly mask?: string }[]
}

interface Answer {
  readonly role: string
  readonly access: readonly Access[]
}

test('tells each field that is shown and how, and names none that is hidden', async () => {
  const { role, access } = (await (await gatehouse()).json('/me/access')) as Answer
  expect(role).toBe('contact-centre.operator')
  expect(
    access.map(({ resource, action, permitted }) => `${resource} ${action} ${permitted}`).sort(),
  ).toEqual(['invoice read true', 'invoice search true', 'producer read true', 'producer search true'])
  const invoice = access.find(({ resource }) => resource === 'invoice')
  const shown = invoice?.fields?.map(({ field, outcome, mask }) => [field, outcome, mask])
  expect(shown).toContainEqual(['number', 'plain', undefined])
  expect(shown).toContainEqual(['iban', 'masked', 'last4'])
  expect(JSON.stringify(access)).not.toMatch(/issued_on|"notes"/)
})

test('without a purpose tells of all of the caller’s, and what they lack', async () => {
  const nothing = { 'varco-purpose': null, 'varco-ticket': null }
  const { access } = (await (await gatehouse()).json('/me/access', nothing)) as Answer
  expect(new Set(access.map(({ purpose }) => purpose))).toEqual(
    new Set(['invoice-enquiry', 'antimafia-status']),
  )
  for (const each of access) expect(each).toMatchObject({ permitted: false, needs: ['no-ticket'] })
  expect(JSON.stringify(access)).not.toContain('fields')
})

test('tells of no purpose and no resource beyond the caller’s', async () => {
  const dora = { authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`, 'varco-ticket': null }
  const { access } = (await (
    await gatehouse()
  ).json('/me/access', { ...dora, 'varco-purpose': null })) as Answer
  expect(new Set(access.map(({ purpose }) => purpose))).toEqual(new Set(['data-protection']))
  expect(access.every(({ permitted }) => permitted)).toBe(true)
})

test('is nobody’s data, so no event; a stranger’s 401 is one', async () => {
  const gate = await gatehouse()
  expect((await gate.get('/me/access')).status).toBe(200)
  expect(gate.log.drafts).toEqual([])
  expect((await gate.get('/me/access', { authorization: null })).status).toBe(401)
  expect(gate.log.last).toMatchObject({ decision: 'deny', reasons: ['no-token'] })
})

test('speaks the caller’s language', async () => {
  const gate = await gatehouse()
  const text = async (language: string): Promise<string> =>
    JSON.stringify(await gate.json('/me/access', { 'accept-language': language }))
  expect(await text('it')).toContain('"title":"Fattura"')
  expect(await text('en')).toContain('"title":"Invoice"')
})
