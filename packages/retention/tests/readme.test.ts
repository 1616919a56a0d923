import { fixtureBundle } from '@varco/policy/testing'
import { readmeExample } from '@varco/core/testing'
import { expect, test } from 'vitest'
// #region example
import { dueRules, lastDay, recordGraph } from '@varco/retention'
import { Temporal } from 'temporal-polyfill'

// #endregion

test('the example of the README runs as printed', async () => {
  const bundle = fixtureBundle()
  // #region example
  const today = Temporal.PlainDate.from('2026-11-25')
  const [rule] = dueRules(bundle, today) // invoices, ten years after they were issued
  const { components } = recordGraph(bundle, []) // in earnest: await records.foreignKeys()

  const term = { after: 'P3M', align: null, bound: 'ceiling' } as const
  const last = lastDay(Temporal.PlainDate.from('2026-01-31'), term)
  // #endregion
  expect(rule?.cutoffs[0].upTo).toBe('2016-11-24')
  expect(components).toEqual([['gse.antimafia_check'], ['gse.invoice'], ['gse.producer']])
  expect(last.toString()).toBe('2026-04-30')
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
