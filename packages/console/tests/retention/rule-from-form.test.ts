import { compileBundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { html } from 'hono/html'
import { expect, test } from 'vitest'
import { FloorFields } from '../../src/retention/floor-fields.tsx'
import { fieldMasks, floorPrefix, ruleFrom } from '../../src/retention/rule-from-form.ts'
import type { Visit } from '../../src/visit/visit.ts'

const RULE: BundleDocument['retention'][number] = {
  ...{ id: 'producers', resource: 'producer', trigger: { field: 'birth_date' }, after: 'P10Y' },
  ...{ action: 'anonymise', masks_by_category: { contact: 'redact' }, masks: { email: 'clear' } },
  ...{ title: { it: 'Regola', en: 'Rule' }, because: 'Codice civile, art. 2946' },
}
const bundle = compileBundle({ ...fixtureDocument(), retention: [RULE] })
const VISIT = { bundle, locale: 'it' } as Visit
/** The form shows each field as it is masked, by name or by category. */
const SHOWN = { 'mask-name': '', 'mask-email': 'clear', 'mask-region': 'redact' }

test('a rule that masks by category goes on doing so, unless the form says otherwise of a field', () => {
  expect(fieldMasks(bundle, RULE)).toEqual({ email: 'clear', region: 'redact' })
  for (const form of [{}, SHOWN])
    expect(ruleFrom(bundle, RULE, { ...form, because: 'Un’altra norma' })).toMatchObject({
      ...{ masks: { email: 'clear' }, masks_by_category: { contact: 'redact' }, because: 'Un’altra norma' },
    })
  const changed = ruleFrom(bundle, RULE, { ...SHOWN, 'mask-region': '' })
  expect(changed.masks).toEqual({ email: 'clear' })
  expect(changed).not.toHaveProperty('masks_by_category')
})

test('that the form masks one more field, or one otherwise, takes nothing from those to come', () => {
  const byCategory = { masks_by_category: { contact: 'redact' } }
  expect(ruleFrom(bundle, RULE, { ...SHOWN, 'mask-name': 'redact' })).toMatchObject({
    ...{ masks: { email: 'clear', name: 'redact' }, ...byCategory },
  })
  expect(ruleFrom(bundle, RULE, { ...SHOWN, 'mask-region': 'clear' })).toMatchObject({
    ...{ masks: { email: 'clear', region: 'clear' }, ...byCategory },
  })
  const alike = ruleFrom(bundle, RULE, { ...SHOWN, 'mask-email': 'redact' })
  expect(alike).toMatchObject(byCategory)
  expect(alike).not.toHaveProperty('masks')
})

test('a rule that more norms bind than a form is usually of goes on being bound by each', async () => {
  const floors = Array.from({ length: 12 }, (_, at) => ({
    ...{ trigger: { field: 'birth_date' }, after: `P${at + 1}Y`, because: `Legge inventata n. ${at + 1}` },
  }))
  const form = Object.fromEntries(
    [...floors, null].flatMap((floor, at) => [
      [`${floorPrefix(at)}trigger`, 'birth_date'],
      [`${floorPrefix(at)}after`, floor?.after ?? ''],
      [`${floorPrefix(at)}because`, floor?.because ?? ''],
    ]),
  )
  const rule = { ...RULE, keep_at_least: floors }
  expect(ruleFrom(bundle, rule, form).keep_at_least).toEqual(floors)
  const shown = (await html`${FloorFields({ visit: VISIT, rule })}`).toString()
  expect(shown).toContain('name="floor-11-after"')
  expect(shown).toContain('name="floor-12-after"')
})

test('a rule that anonymises no more masks nothing', () => {
  const erasing = ruleFrom(bundle, RULE, { ...SHOWN, action: 'erase' })
  expect(erasing).not.toHaveProperty('masks')
  expect(erasing).not.toHaveProperty('masks_by_category')
})
