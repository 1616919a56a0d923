import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { sayIn } from '../../src/report/say.ts'
import { titlesOf } from '../../src/report/titles.ts'

test('a term that waits for an event says so, in both languages', () => {
  const trigger = {
    field: 'issued_on',
    event: { id: 'settled', title: { it: 'definizione', en: 'settlement' } },
  }
  const rule = { resource: 'invoice', trigger }
  const bundle = fixtureBundle()
  const { title } = titlesOf(bundle, sayIn('it')).field('invoice', 'issued_on')
  expect(titlesOf(bundle, sayIn('it')).trigger(rule)).toEqual({
    id: 'issued_on+settled',
    title: `${title} o, se successivo, definizione`,
  })
  expect(titlesOf(bundle, sayIn('en')).trigger(rule).title).toMatch(/ or, if later, settlement$/)
  expect(titlesOf(bundle, sayIn('it')).trigger({ ...rule, trigger: { field: 'issued_on' } }).title).toBe(
    title,
  )
})
