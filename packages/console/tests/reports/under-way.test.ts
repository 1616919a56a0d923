import { makeProcessingRegister, renderJson, type Report } from '@varco/reports'
import { expect, test, vi } from 'vitest'
import type { ReportMaker, ReportOutcome, ReportProgress } from '../../src/reports/report-maker.ts'
import { openConsole, type OpenConsole } from '../support/open-console.ts'
import type { Visitor } from '../support/visitor.ts'

/** A maker whose documents are long and done when the test says so. */
function slowMaker() {
  const { promise: outcome, resolve: settle } = Promise.withResolvers<ReportOutcome>()
  const state = {
    progress: { step: 'gathering', done: 1_250, of: null } as ReportProgress,
    settle,
    dropped: 0,
    asked: [] as unknown[],
  }
  const maker: ReportMaker = {
    make: async (order, by) => {
      state.asked.push([order.kind, by.format])
      return {
        progress: () => state.progress,
        outcome,
        [Symbol.asyncDispose]: async () => {
          state.dropped++
        },
      }
    },
  }
  return { state, maker }
}

async function signedIn(console: OpenConsole, sub = 'dpo-1') {
  console.provider.person = { sub, name: 'Una Persona' }
  const visitor = console.visitor()
  await visitor.signIn()
  await visitor.proveAgain('/reports')
  return { visitor, csrf: await visitor.csrf('/reports/register') }
}

async function ordered(visitor: Visitor, csrf: string): Promise<string> {
  const answer = await visitor.post('/reports/register', { csrf, format: 'json', sure: 'yes' })
  expect(answer.status).toBe(303)
  return answer.headers.get('location') ?? ''
}

async function register(console: OpenConsole): Promise<Report> {
  const bundle = await console.deps.bundle()
  const deps = { log: console.log, reader: console.reader, requestId: () => 'r-1' }
  const asOf = { bundle, at: console.clock.now() }
  return makeProcessingRegister(deps, { asOf, locale: 'it', requestedBy: 'gse-dpo-1' })
}

function fileOf(report: Report): ReportOutcome {
  const bytes = Buffer.from(renderJson(report))
  const pieces = async function* () {
    yield bytes.subarray(0, 100)
    yield bytes.subarray(100)
  }
  return { kind: 'made', file: { made: report.made, size: bytes.length, pieces } }
}

test('a long document leads to a page that tells how far it has come, and at last to the file', async () => {
  const { state, maker } = slowMaker()
  await using console = await openConsole({ reports: maker })
  const { visitor, csrf } = await signedIn(console)
  const place = await ordered(visitor, csrf)
  expect(state.asked).toEqual([['register', 'json']])
  expect(place).toMatch(/^\/reports\/under-way\/[\w-]{43}$/)

  const page = await visitor.text(place)
  expect(page).toContain('Accessi raccolti dal registro: 1.250.')
  expect(page).toContain(`data-progress="${place}/progress"`)
  expect(await visitor.text('/reports')).toContain(`href="${place}"`)
  // Not there yet: back to the page.
  expect((await visitor.get(`${place}/file`)).headers.get('location')).toBe(place)

  state.progress = { step: 'setting', done: 300, of: 1_250 }
  expect(await visitor.text(place)).toMatch(/<progress max="1250" value="300"/)
  expect(await visitor.text(place)).toContain('Righe impaginate: 300 di 1.250.')

  const report = await register(console)
  state.settle(fileOf(report))
  await vi.waitFor(async () => expect(await visitor.text(place)).toContain(`href="${place}/file"`))
  const stream = await (await visitor.get(`${place}/progress`)).text()
  expect(stream).toContain('"state":"ended"')
  // As often as it is asked for.
  for (let i = 0; i < 2; i++) {
    const file = await visitor.get(`${place}/file`)
    expect(file.headers.get('content-disposition')).toMatch(/filename="varco-register-[\w-]+\.json"$/)
    expect(file.headers.get('content-length')).toBe(String(Buffer.byteLength(renderJson(report))))
    expect(await file.text()).toBe(renderJson(report))
  }
  await visitor.post(`${place}/drop`, { csrf })
  expect(state.dropped).toBe(1)
  expect((await visitor.get(place)).status).toBe(404)
})

test('whoever has had enough of it gives it up, and nothing of it is found again', async () => {
  const { state, maker } = slowMaker()
  await using console = await openConsole({ reports: maker })
  const { visitor, csrf } = await signedIn(console)
  const place = await ordered(visitor, csrf)
  expect((await visitor.post(`${place}/drop`, {})).status).toBe(403)
  expect(state.dropped).toBe(0)
  const answer = await visitor.post(`${place}/drop`, { csrf })
  expect([answer.status, answer.headers.get('location'), state.dropped]).toEqual([303, '/reports', 1])
  for (const part of ['', '/file', '/progress'])
    expect((await visitor.get(`${place}${part}`)).status).toBe(404)
  // What comes of it after all interests nobody.
  state.settle({ kind: 'failed', because: 'fault' })
  expect(await visitor.text('/reports')).not.toContain(place)
})

test('nobody but who ordered it sees it, fetches it, ends it or learns that it is there', async () => {
  const { state, maker } = slowMaker()
  await using console = await openConsole({ reports: maker })
  const first = await signedIn(console)
  const place = await ordered(first.visitor, first.csrf)
  state.settle(fileOf(await register(console)))
  for (const sub of ['manager-1', 'auditor-1']) {
    const { visitor, csrf } = await signedIn(console, sub)
    for (const part of ['', '/file', '/progress'])
      expect((await visitor.get(`${place}${part}`)).status).toBe(404)
    expect((await visitor.post(`${place}/drop`, { csrf })).status).toBe(404)
    expect(await visitor.text('/reports')).not.toContain(place)
  }
  const stranger = console.visitor()
  expect((await stranger.get(`${place}/file`)).headers.get('location')).toContain('/login')
  expect(state.dropped).toBe(0)
  expect((await first.visitor.get(`${place}/file`)).status).toBe(200)
})

test.each<[ReportOutcome, string]>([
  [{ kind: 'failed', because: 'unavailable' }, 'Un servizio necessario non risponde'],
  [{ kind: 'failed', because: 'not-written' }, 'Il disco del server non ha spazio'],
  [{ kind: 'failed', because: 'fault' }, 'Si è verificato un guasto'],
  [{ kind: 'refused', reason: 'several' }, 'porta a più persone'],
])('why there is none is said in a sentence: %j', async (outcome, words) => {
  const { state, maker } = slowMaker()
  await using console = await openConsole({ reports: maker })
  const { visitor, csrf } = await signedIn(console)
  const place = await ordered(visitor, csrf)
  state.settle(outcome)
  await vi.waitFor(async () => expect(await visitor.text(place)).toContain(words))
  expect((await visitor.get(`${place}/file`)).status).toBe(303)
})

test('one person has one made at a time: asking for another leads to the one that is being made', async () => {
  const { maker } = slowMaker()
  const persons = new Set<string>()
  const one: ReportMaker = {
    make: async (order, by) => {
      if (persons.has(by.person)) return 'own'
      persons.add(by.person)
      return maker.make(order, by)
    },
  }
  await using console = await openConsole({ reports: one })
  const { visitor, csrf } = await signedIn(console)
  const place = await ordered(visitor, csrf)
  for (const [path, form] of [
    ['/reports/register', { format: 'json' }],
    ['/reports/audit', { from: '2026-10-01', to: '2026-10-31', format: 'pdf' }],
  ] as const) {
    const answer = await visitor.post(path, { ...form, csrf, sure: 'yes' })
    expect([path, answer.status, answer.headers.get('location')]).toEqual([
      path,
      303,
      `${place}?one-at-a-time`,
    ])
  }
  const page = await visitor.text(`${place}?one-at-a-time`)
  expect(page).toContain('Un tuo documento lungo è ancora in preparazione')
  expect(page).toContain('Annulla la preparazione')
  expect(page).toContain('Accessi raccolti dal registro: 1.250.')
  expect(await visitor.text(place)).not.toContain('Un tuo documento lungo')
  // Another person's is another place.
  const other = await signedIn(console, 'auditor-1')
  expect(await ordered(other.visitor, other.csrf)).not.toBe(place)
  // Begun at another of the processes it is no page of this one: it is said where it was asked for.
  await visitor.post(`${place}/drop`, { csrf })
  const answer = await visitor.post('/reports/register', { csrf, format: 'json', sure: 'yes' })
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining('Un tuo documento lungo è ancora in preparazione'),
  ])
})

test('while as many are made as the machine bears, the next is refused with a sentence', async () => {
  await using console = await openConsole({ reports: { make: async () => 'full' } })
  const { visitor, csrf } = await signedIn(console)
  const answer = await visitor.post('/reports/register', { csrf, format: 'pdf', sure: 'yes' })
  expect([answer.status, await answer.text()]).toEqual([
    400,
    expect.stringContaining('altri documenti lunghi'),
  ])
})

test('what nobody fetches is let go of after a quarter of an hour, and of many the oldest', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const { ReportsUnderWay } = await import('../../src/reports/reports-under-way.ts')
    let id = 0
    const dropped: number[] = []
    const underWay = new ReportsUnderWay(() => String(++id))
    const made = { kind: 'failed', because: 'fault' } as const
    for (let i = 1; i <= 10; i++) {
      underWay.add({
        ...{ kind: 'audit', format: 'pdf', owner: 'gse-dpo-1' },
        report: {
          progress: () => ({ step: 'setting', done: 0, of: null }),
          outcome: Promise.resolve(made),
          [Symbol.asyncDispose]: async () => void dropped.push(i),
        },
      })
      await Promise.resolve()
    }
    await Promise.resolve()
    expect(dropped).toEqual([1, 2])
    expect(underWay.of(['gse-dpo-1']).map((each) => each.id)).toEqual([
      '10',
      '9',
      '8',
      '7',
      '6',
      '5',
      '4',
      '3',
    ])
    expect(underWay.of(['gse-dpo-2'])).toEqual([])
    vi.advanceTimersByTime(14 * 60_000)
    expect(underWay.find('10')).not.toBeNull()
    vi.advanceTimersByTime(60_000)
    expect(underWay.find('10')).toBeNull()
    await Promise.resolve()
    expect(dropped.length).toBe(10)
  } finally {
    vi.useRealTimers()
  }
})

test('what took longest is not let go of for what was ordered after it and was there before', async () => {
  const { ReportsUnderWay } = await import('../../src/reports/reports-under-way.ts')
  let id = 0
  const underWay = new ReportsUnderWay(() => String(++id))
  const dropped: number[] = []
  const settle = Array.from({ length: 9 }, (_, at) => {
    const { promise: outcome, resolve } = Promise.withResolvers<ReportOutcome>()
    underWay.add({
      ...{ kind: 'audit', format: 'pdf', owner: 'gse-dpo-1' },
      report: {
        progress: () => ({ step: 'setting', done: 0, of: null }),
        outcome,
        [Symbol.asyncDispose]: async () => void dropped.push(at + 1),
      },
    })
    return resolve
  })
  for (const each of [...settle.slice(1), ...settle.slice(0, 1)]) {
    each({ kind: 'failed', because: 'fault' })
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(dropped).toEqual([2])
  for (let left = 1; left <= 9; left++) await underWay.drop(String(left))
})
