import { MICROS_PER_SECOND } from '@varco/core'
import { describe, expect, test } from 'vitest'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

async function signedIn(console: OpenConsole): Promise<Visitor> {
  const visitor = console.visitor()
  await visitor.signIn()
  return visitor
}

const readings = async (console: OpenConsole) =>
  (await console.reader.search({ kind: 'log-read', limit: 100 })).events

const rowsIn = (page: string): number => page.match(/class="when"/g)?.length ?? 0

describe('the list', () => {
  test('shows who, what, why and how it ended, newest first, by the body’s day', async () => {
    await using console = await openConsole()
    await console.access({ ticket: 'T-1' })
    console.clock.advance(24n * 3600n * MICROS_PER_SECOND)
    await console.access({
      ticket: 'T-2',
      decision: 'deny',
      reasons: ['contract-ended'],
      rules: [],
      plain: [],
      masked: [],
      disclosures: [],
    })
    const page = await (await signedIn(console)).text('/log')
    expect(page.indexOf('T-2')).toBeLessThan(page.indexOf('T-1'))
    for (const words of [
      '24 novembre 2026',
      '25 novembre 2026',
      'Aurora Servizi S.r.l.',
      'Consultazione · Fattura',
      'Informazioni sulle fatture',
      'Consentito',
      'in parte mascherato',
      'Negato',
      'Il contratto è terminato.',
      '10:32:05',
    ]) {
      expect(page).toContain(words)
    }
  })

  test('an event just before midnight in Rome belongs to the day in Rome', async () => {
    await using console = await openConsole()
    console.clock.advance(13n * 3600n * MICROS_PER_SECOND + 1_600n * MICROS_PER_SECOND)
    await console.access({ ticket: 'T-LATE' })
    const visitor = await signedIn(console)
    expect(await visitor.text('/log?from=2026-11-24&to=2026-11-24')).toContain('T-LATE')
    expect(await visitor.text('/log?from=2026-11-25')).not.toContain('T-LATE')
    console.clock.advance(200n * MICROS_PER_SECOND)
    await console.access({ ticket: 'T-NEXT' })
    expect(await visitor.text('/log?to=2026-11-24')).not.toContain('T-NEXT')
    expect(await visitor.text('/log?from=2026-11-25&to=2026-11-25')).toContain('T-NEXT')
  })

  test.each([
    ['decision=deny', 1],
    ['decision=permit', 2],
    ['processor=aurora', 2],
    ['contract=borea-2023', 1],
    ['purpose=antimafia-status', 1],
    ['resource=antimafia_check', 1],
    ['operator=bor-1', 1],
    ['ticket=T-9', 1],
    ['kind=writer-started', 1],
    ['decision=permit&processor=borea', 0],
  ])('narrowed by %s shows %i', async (query, count) => {
    await using console = await openConsole()
    await console.access({ purpose: 'antimafia-status', resource: 'antimafia_check' })
    await console.access({ ticket: 'T-9' })
    await console.access({
      processor: 'borea',
      contract: 'borea-2023',
      operator: 'bor-1',
      decision: 'deny',
      reasons: ['contract-ended'],
    })
    const page = await (await signedIn(console)).text(`/log?${query}`)
    expect(rowsIn(page)).toBe(count)
    expect(page.includes('Nessun evento corrisponde')).toBe(count === 0)
  })

  test('keeps a filter’s value in the form and offers to remove it', async () => {
    await using console = await openConsole()
    const page = await (await signedIn(console)).text('/log?decision=deny&purpose=gone-purpose&ticket=T-1')
    expect(page).toContain('<option value="deny" selected="">')
    expect(page).toContain('<option value="gone-purpose" selected="">gone-purpose</option>')
    expect(page).toContain('href="/log?purpose=gone-purpose&amp;ticket=T-1"')
    expect(page).toContain('rimuovi il filtro')
  })

  test.each([
    'from=yesterday',
    'from=2026-02-30',
    'decision=maybe',
    'kind=other',
    'from=2026-11-24&to=2026-11-23',
    'ticket=a%20b',
  ])('asks to correct %s, and asks nothing of the log', async (query) => {
    await using console = await openConsole()
    const answer = await (await signedIn(console)).get(`/log?${query}`)
    expect(answer.status).toBe(400)
    const page = await answer.text()
    expect(page).toContain('Alcuni filtri non sono validi')
    expect(page).toContain('aria-invalid="true"')
    expect(await readings(console)).toEqual([])
  })

  test('walks to older pages and back the same way, event by event', async () => {
    await using console = await openConsole()
    for (let index = 0; index < 120; index++) {
      console.clock.advance(MICROS_PER_SECOND)
      await console.access({ ticket: `T-${index}-` })
    }
    const visitor = await signedIn(console)
    const link = (page: string, rel: string): string =>
      (new RegExp(`rel="${rel}" href="([^"]+)"`).exec(page)?.[1] ?? '').replaceAll('&amp;', '&')
    const tickets = (page: string): readonly string[] => [...page.matchAll(/T-\d+-/g)].map(([text]) => text)

    const first = await visitor.text('/log')
    const second = await visitor.text(link(first, 'next'))
    const third = await visitor.text(link(second, 'next'))
    expect([...tickets(first), ...tickets(second), ...tickets(third)]).toEqual(
      Array.from({ length: 120 }, (_, index) => `T-${119 - index}-`),
    )
    expect(link(third, 'next')).toBe('')
    expect(link(first, 'prev')).toBe('')
    await console.access({ ticket: 'T-NEW' })
    expect(tickets(await visitor.text(link(third, 'prev')))).toEqual(tickets(second))
    expect(await visitor.text(link(second, 'prev'))).toContain('T-NEW')
  })

  test('leaves a trace with what was asked and how much was shown, before the page is sent', async () => {
    await using console = await openConsole()
    await console.access({ ticket: 'T-1' })
    const visitor = await signedIn(console)
    await visitor.get('/log?ticket=T-1&from=2026-11-24')
    const [reading] = await readings(console)
    expect(reading).toMatchObject({
      kind: 'log-read',
      action: 'search',
      operator: 'gse-dpo-1',
      role: 'dpo',
      unit: 'dpo-office',
      processor: null,
      decision: null,
      detail: { page: 'log', shown: 1, filters: { ticket: 'T-1', from: '2026-11-24' } },
      disclosed: { count: 0 },
    })
    await visitor.get('/')
    await visitor.get('/log/data-subject')
    expect(await readings(console)).toHaveLength(1)
  })
})

describe('the search by data subject', () => {
  const search = async (visitor: Visitor, form: Partial<Record<'by' | 'identifier' | 'case', string>> = {}) =>
    visitor.post('/log/data-subject', {
      csrf: await visitor.csrf('/log/data-subject'),
      by: 'producer:tax_code',
      identifier: 'RSSMRA80A01H501U',
      case: 'rpd-2026-014',
      ...form,
    })

  test('finds the accesses to one person’s data and leaves no identifier in address, page or trace', async () => {
    await using console = await openConsole()
    await console.access({ ticket: 'T-HERS' })
    await console.access({
      ticket: 'T-OTHERS',
      disclosures: [{ resource: 'invoice', recordKey: '18', dataSubject: { kind: 'producer', id: 'P-2' } }],
    })
    const visitor = await signedIn(console)
    const found = await search(visitor)
    const address = found.headers.get('location') ?? ''
    expect(found.status).toBe(303)
    expect(decodeURIComponent(address)).not.toMatch(/RSSMRA|P-1|RPD/)
    const page = await visitor.text(address)
    expect(page).toContain('T-HERS')
    expect(page).not.toContain('T-OTHERS')
    expect(page).toContain('…501U · pratica RPD-2026-014')
    expect(page).not.toContain('RSSMRA80A01H501U')

    const [reading] = await readings(console)
    expect(reading?.detail).toEqual({ page: 'log', shown: 1, dataSubject: true, case: 'RPD-2026-014' })
    expect(
      JSON.stringify(reading, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/RSSMRA|"P-1"/)
    expect(JSON.stringify(console.technicalLog)).not.toContain('RSSMRA')
  })

  test('is itself found among the accesses to the person’s data', async () => {
    await using console = await openConsole()
    const visitor = await signedIn(console)
    await visitor.get((await search(visitor)).headers.get('location') ?? '')
    const { events } = await console.reader.search({
      dataSubject: { kind: 'producer', id: 'P-1' },
      limit: 10,
    })
    expect(events.map(({ kind, operator }) => [kind, operator])).toEqual([['log-read', 'gse-dpo-1']])
  })

  test('keeps to the person while filters and pages change', async () => {
    await using console = await openConsole()
    await console.access({ ticket: 'T-HERS' })
    await console.access({ ticket: 'T-ANOTHER', disclosures: [] })
    const visitor = await signedIn(console)
    const address = (await search(visitor)).headers.get('location') ?? ''
    const page = await visitor.text(`${address}&decision=permit`)
    expect(page).toContain('T-HERS')
    expect(page).not.toContain('T-ANOTHER')
    const sealed = new URLSearchParams(address.split('?')[1]).get('subject') ?? 'nothing'
    expect(page).toContain(`<input type="hidden" name="subject" value="${sealed}"`)
  })

  test('its address is worth nothing in another session', async () => {
    await using console = await openConsole()
    const visitor = await signedIn(console)
    const address = (await search(visitor)).headers.get('location') ?? ''
    const other = await signedIn(console)
    const answer = await other.get(address)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/log/data-subject'])
    expect(await readings(console)).toEqual([])
  })

  test('a search in vain is recorded too, and says so', async () => {
    await using console = await openConsole()
    const visitor = await signedIn(console)
    const answer = await search(visitor, { identifier: 'VRDLGU70B02F205X' })
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('Nessun interessato corrisponde')
    const [reading] = await readings(console)
    expect(reading?.detail).toEqual({
      page: 'data-subject',
      dataSubject: true,
      found: false,
      case: 'RPD-2026-014',
    })
  })

  test.each([
    ['case', ''],
    ['case', 'per curiosità'],
    ['case', 'RSSMRA80A01H501U'],
    ['case', 'RPD-2026-014 Rossi Mario'],
    ['identifier', '   '],
    ['by', 'producer:iban'],
    ['by', 'nobody:id'],
    ['by', ''],
  ] as const)('asks to correct %s «%s» and searches nothing', async (name, value) => {
    let searched = 0
    await using console = await openConsole({
      dataSubjects: {
        find: async () => {
          searched++
          return null
        },
      },
    })
    const answer = await search(await signedIn(console), { [name]: value })
    expect([answer.status, searched]).toEqual([400, 0])
    expect(await answer.text()).toContain(`id="${name}-problem"`)
    expect(await readings(console)).toEqual([])
  })
})
