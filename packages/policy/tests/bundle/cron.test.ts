import { expect, test } from 'vitest'
import { isCron } from '../../src/bundle/cron.ts'

test.each([
  '0 3 * * *',
  '*/15 0-6 1,15 * 1-5',
  '30 2 29 2 7',
  '0 22 * 1-12/3 *',
  '0 3 31 2,12 *',
  '0 3 30 */2 *',
])('%s is a schedule', (text) => {
  expect(isCron(text)).toBe(true)
})

test.each([
  ...['', '0 3 * *', '0 3 * * * *', '60 3 * * *', '0 24 * * *', '0 0 0 * *', '0 0 * 13 *', '0 0 * * 8'],
  ...[
    '*/0 * * * *',
    '5-1 * * * *',
    '*-5 * * * *',
    '1- * * * *',
    ', * * * *',
    '@daily',
    '0 3 * * MON',
    '-1 3 * * *',
    '0 3 30 2 *',
    '0 3 31 4,6 *',
    '0 3 31 2-3/2 *',
  ],
])('“%s” is none', (text) => {
  expect(isCron(text)).toBe(false)
})
