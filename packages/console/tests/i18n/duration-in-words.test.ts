import { expect, test } from 'vitest'
import { durationInWords } from '../../src/i18n/duration-in-words.ts'

test.each([
  ['P30D', '30 giorni', '30 days'],
  ['P1Y6M', '1 anno e 6 mesi', '1 year and 6 months'],
  ['P1D', '1 giorno', '1 day'],
])('%s is %s, or %s', (period, it, en) => {
  expect([durationInWords(period, 'it'), durationInWords(period, 'en')]).toEqual([it, en])
})
