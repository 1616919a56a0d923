import { MICROS_PER_SECOND } from '@varco/core'
import { expect, test } from 'vitest'
import { COUNTED_AT_MOST, summariseDay } from '../../src/home/day-summary.ts'
import { busyDay } from '../support/busy-day.ts'
import { openConsole } from '../support/open-console.ts'

const DAY = 24n * 3600n * MICROS_PER_SECOND

test('counts today’s accesses by outcome, company, purpose and reason', async () => {
  await using console = await openConsole()
  await console.access({ ticket: 'T-YESTERDAY' })
  console.clock.advance(DAY)
  await busyDay(console)
  const visitor = console.visitor()
  await visitor.signIn()
  const page = await visitor.text('/')
  expect(page).toContain('Gli accessi del 25 novembre 2026')
  const figures = [...page.matchAll(/class="value">([^<]+)</g)].map(([, value]) => value)
  expect(figures).toEqual(['150', '122', '28'])
  expect(page).toContain('di cui 28 in parte mascherati')
  const rows = [
    ...page.matchAll(
      /<tr><th scope="row">(?:<a[^>]*>)?([^<]+)(?:<\/a>)?(?:<svg.*?<\/svg>)?<\/th>((?:<td class="number">\d+<\/td>)+)<\/tr>/g,
    ),
  ].map(([, name, cells]) => [name, ...(cells ?? '').matchAll(/\d+(?=<)/g)].map(String))
  expect(rows).toEqual(
    expect.arrayContaining([
      ['Aurora Servizi S.r.l.', '115', '17'],
      ['Borea Contact S.p.A.', '0', '11'],
      ['Personale dell’ente', '7', '0'],
      ['Informazioni sulle fatture', '115', '11'],
      ['Valutazione antimafia', '7', '17'],
      ['La finalità non è tra quelle affidate con il contratto.', '17'],
      ['Il contratto è terminato.', '11'],
    ]),
  )
  expect(page).toContain('console-1.1')
})

test('the figures lead to the log narrowed to today', async () => {
  await using console = await openConsole()
  await console.access()
  const visitor = console.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain(
    'href="/log?from=2026-11-24&amp;to=2026-11-24&amp;decision=permit"',
  )
})

test('a quiet morning says so', async () => {
  await using console = await openConsole()
  const visitor = console.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain('Oggi non è ancora passato nessun accesso.')
})

test('counts a bounded number of accesses and says that there are more', async () => {
  let asked = 0
  await using console = await openConsole()
  await console.access()
  const [event] = (await console.reader.search({ kind: 'access', limit: 1 })).events
  if (event === undefined) throw new Error('no event')
  const endless = {
    ...console.reader,
    search: async ({ limit }: { limit: number }) => {
      asked += limit
      return { events: Array.from({ length: limit }, () => event), next: 'more' }
    },
  }
  const summary = await summariseDay(endless, { from: 0n, to: 1n }, () => 10)
  expect(asked).toBe(COUNTED_AT_MOST)
  expect(summary).toMatchObject({ complete: false, permit: COUNTED_AT_MOST, deny: 0 })
  await using busy = await openConsole({ reader: endless })
  const visitor = busy.visitor()
  await visitor.signIn()
  expect(await visitor.text('/')).toContain('Oggi gli accessi sono più di 5.000')
})
