import { compileBundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { fieldMasks, ruleFrom } from '../../src/retention/rule-from-form.ts'

const RULE: BundleDocument['retention'][number] = {
  ...{ id: 'producers', resource: 'producer', trigger: { field: 'birth_date' }, after: 'P10Y' },
  ...{ action: 'anonymise', masks_by_category: { contact: 'redact' }, masks: { email: 'clear' } },
  ...{ title: { it: 'Regola', en: 'Rule' }, because: 'Codice civile, art. 2946' },
}
const bundle = compileBundle({ ...fixtureDocument(), retention: [RULE] })
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

test('a rule that anonymises no more masks nothing', () => {
  const erasing = ruleFrom(bundle, RULE, { ...SHOWN, action: 'erase' })
  expect(erasing).not.toHaveProperty('masks')
  expect(erasing).not.toHaveProperty('masks_by_category')
})
