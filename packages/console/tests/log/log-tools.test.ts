import { memoryCopies } from '@varco/engagement/testing'
import { UnavailableError } from '@varco/core'
import { expect, test } from 'vitest'
import { MOST_SEARCHES } from '../../src/log/saved-searches.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function dpo(console: OpenConsole, proved = false): Promise<{ visitor: Visitor; csrf: string }> {
  const visitor = console.visitor()
  await visitor.signIn()
  if (proved) await visitor.proveAgain('/log')
  return { visitor, csrf: await visitor.csrf('/log') }
}

test('filters are kept under a name, found again and removed, each person their own', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console)
  const saved = await visitor.post('/log/searches', {
    csrf,
    name: 'Negati di Borea',
    query: 'decision=deny&processor=borea&subject=sealed&after=x&evil=1',
  })
  expect(saved.headers.get('location')).toBe('/log?decision=deny&processor=borea')
  expect(await visitor.text('/log')).toContain(
    '<a href="/log?decision=deny&amp;processor=borea">Negati di Borea</a>',
  )
  expect(await console.deps.searches.of('gse-someone-else')).toEqual([])
  await visitor.post('/log/searches/remove', { csrf, name: 'Negati di Borea' })
  expect(await visitor.text('/log')).not.toContain('Negati di Borea')
})

test('no more searches are kept than fit, and markup in a name stays text', async () => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console)
  for (let index = 0; index < MOST_SEARCHES; index++) {
    await visitor.post('/log/searches', { csrf, name: `<img src=x>${index}`, query: 'decision=deny' })
  }
  const refused = await visitor.post('/log/searches', { csrf, name: 'Una di troppo', query: 'decision=deny' })
  const page = await visitor.text(refused.headers.get('location') ?? '')
  expect(page).toContain('sono già venti')
  expect(page).not.toContain('Una di troppo')
  expect(page).not.toContain('<img src=x>')
  expect(await console.deps.searches.of('gse-dpo-1')).toHaveLength(MOST_SEARCHES)
})

test('the timeline counts the days of the filters, each leading to its list', async () => {
  await using console = await openConsole()
  await console.access({ ticket: 'T-1' })
  console.clock.advance(86_400_000_000n)
  await console.access({ ticket: 'T-1' })
  await console.access({ ticket: 'T-2' })
  const { visitor } = await dpo(console)
  const page = await visitor.text('/log/timeline?ticket=T-1')
  expect(page).toContain('href="/log?from=2026-11-25&amp;to=2026-11-25&amp;ticket=T-1"')
  expect(page.match(/<td class="number">1<\/td>/g)).toHaveLength(2)
  const { events } = await console.reader.search({ kind: 'log-read', limit: 1 })
  expect(events[0]?.detail).toMatchObject({ page: 'timeline', counted: 2, filters: { ticket: 'T-1' } })
})

test('an export asks for a new proof, then twice, and is in the log and the ledger before its first line', async () => {
  await using console = await openConsole()
  const id = await console.access({ ticket: 'T-9' })
  await console.access({ ticket: 'T-OTHER' })
  const { visitor, csrf } = await dpo(console)
  const form = { format: 'csv', reason: 'Verifica annuale del garante', ticket: 'T-9' }
  const unproved = await visitor.post('/log/export', { ...form, csrf, sure: 'yes' })
  expect([unproved.status, unproved.headers.get('location')]).toEqual([303, '/login/again?to=%2F'])
  expect((await console.reader.search({ kind: 'log-exported', limit: 1 })).events).toEqual([])

  await visitor.proveAgain('/log')
  const again = await visitor.csrf('/log')
  const asked = await visitor.post('/log/export', { ...form, csrf: again })
  expect(await asked.text()).toContain('non è ancora successo nulla')
  expect((await console.reader.search({ kind: 'log-exported', limit: 1 })).events).toEqual([])

  const file = await visitor.post('/log/export', { ...form, csrf: again, sure: 'yes' })
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="varco-log-[\w-]+\.csv"$/)
  const lines = (await file.text()).trim().split('\n')
  const [exported] = (await console.reader.search({ kind: 'log-exported', limit: 1 })).events
  expect(exported).toMatchObject({ operator: 'gse-dpo-1', action: 'export' })
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(id)
  expect(lines[1]).toContain(exported?.id ?? 'nothing')
  expect(await console.copies.copies({ limit: 5 })).toMatchObject([
    { id: exported?.id, kind: 'console', owner: 'gse-dpo-1', settled: null },
  ])
})

test.each([
  [{ reason: 'breve' }, 400],
  [{ format: 'exe' }, 400],
  [{ from: 'yesterday' }, 400],
])('an export that is not right is asked for again: %j', async (wrong, status) => {
  await using console = await openConsole()
  const { visitor, csrf } = await dpo(console, true)
  const form = { format: 'csv', reason: 'Verifica annuale', ...wrong }
  expect((await visitor.post('/log/export', { ...form, csrf, sure: 'yes' })).status).toBe(status)
})

test('what cannot be recorded, or written into the ledger, does not leave', async () => {
  await using console = await openConsole({
    copies: { ...memoryCopies(), addCopy: () => Promise.reject(new UnavailableError('copies')) },
  })
  await console.access({ ticket: 'T-9' })
  const { visitor, csrf } = await dpo(console, true)
  const answer = await visitor.post('/log/export', {
    csrf,
    format: 'jsonl',
    reason: 'Verifica annuale',
    sure: 'yes',
  })
  expect(answer.status).toBe(503)
  expect(await answer.text()).not.toContain('T-9')
})

test('a stretch in which no process wrote is told above the list', async () => {
  await using first = await openConsole()
  await first.access()
  const { visitor } = await dpo(first)
  expect(await visitor.text('/log')).not.toContain('non copre tutto')
  const started = (await first.reader.search({ kind: 'writer-started', limit: 1 })).events[0]
  const before = { ...started, at: (started?.at ?? 0n) - 3_600_000_000n }
  const reader = {
    ...first.reader,
    search: async (query: Parameters<typeof first.reader.search>[0]) =>
      query.to !== undefined && query.limit === 1 && query.kind === undefined
        ? { events: [before as never], next: null }
        : first.reader.search(query),
  }
  await using console = await openConsole({ reader })
  const { visitor: other } = await dpo(console)
  const page = await other.text('/log')
  expect(page).toContain('Il registro non copre tutto questo periodo')
  expect(page).toContain('Dal 24/11/2026, 09:32:05 al 24/11/2026, 10:32:05')
})

test('a page that looked at its share of the log says so, and leads on from there', async () => {
  await using base = await openConsole()
  await base.access({ purpose: 'antimafia-assessment', ticket: 'T-OLD' })
  for (let n = 0; n < 5; n++) await base.access({ purpose: 'invoice-enquiry' })
  // The bound of the pages, made small.
  const search: typeof base.reader.search = ({ lookAt, ...query }) =>
    base.reader.search({ ...query, ...(lookAt === undefined ? {} : { lookAt: 4 }) })
  await using console = await openConsole({ reader: { ...base.reader, search }, log: base.log })
  const { visitor } = await dpo(console)
  const first = await visitor.text('/log?purpose=antimafia-assessment')
  expect(first).toContain('Sono stati guardati 10.000 eventi')
  expect(first).not.toContain('T-OLD')
  const next = /rel="next"\s+href="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const second = await visitor.text(next)
  expect(second).toContain('T-OLD')
  expect(second).not.toContain('Sono stati guardati')
})
