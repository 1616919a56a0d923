import { expect, test } from 'vitest'
import type { SubjectLookup } from '@varco/access-log'
import type { Finding } from '../alerts/alert.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import type { OperatorDay } from '../watch/operator-day.ts'
import type { WatchCommit, WatchStore } from '../watch/watch-store.ts'

type Store = WatchStore & AlertStore

/** A lookup of one character, for tests. */
export function lookupOf(letter: string): SubjectLookup {
  return letter.repeat(16) as SubjectLookup
}

export function commitOf(change: Partial<WatchCommit> = {}): WatchCommit {
  return {
    base: 0,
    position: [{ writer: 'proxy-1', epoch: 1, seq: 9, at: 1_000 }],
    ticketsTo: 5,
    refusals: [],
    days: [],
    forgetBefore: 0,
    work: [],
    refusalCounts: [],
    findings: [],
    now: 1_000n,
    ...change,
  }
}

export function findingOf(change: Partial<Finding> = {}): Finding {
  return {
    key: 'self|AUR-1|20000',
    rule: 'self',
    operator: 'AUR-1',
    contract: 'aurora-2026',
    facts: [{ code: 'own-data' }],
    events: ['proxy-1.1.3'],
    eventCount: 1,
    firstAt: 100n,
    lastAt: 100n,
    ...change,
  }
}

const DECISION = { by: 'DPO-1', at: 2_000n, reason: 'seen to be so', notifyBy: null }

/** What every store of the watch must do. */
export function oversightStoreContract(open: () => Promise<Store>): void {
  test('begins with nothing, and goes on from the last commit', async () => {
    const store = await open()
    expect(await store.load(90)).toEqual({ version: 0, position: [], ticketsTo: 0, refusals: [], days: [] })
    const day: OperatorDay = {
      ...{ operator: 'AUR-1', day: 20_000, contract: 'aurora-2026', role: 'agent', unit: 'phone' },
      people: new Set([lookupOf('a'), lookupOf('\u00ff')]),
      loose: new Map([
        [lookupOf('a'), lookupOf('p')],
        [lookupOf('b'), ''],
      ]),
      marks: new Map([
        [
          'self',
          {
            count: 2,
            people: new Set([lookupOf('a')]),
            events: ['e-1'],
            facts: [{ code: 'own-data' }],
            firstAt: 1,
            lastAt: 2,
          },
        ],
      ]),
    }
    const refusal = {
      ...{ event: 'e-0', at: 7, operator: 'AUR-1', contract: null, workstation: 'W', resource: 'invoice' },
      ...{
        purpose: null,
        ticket: 'T-1',
        ticketPurpose: null,
        reason: 'no-ticket',
        field: '',
        settled: false,
      },
    }
    expect(await store.commit(commitOf({ days: [day], refusals: [refusal] }))).toBe('committed')
    expect(await store.load(90)).toEqual({
      ...{ version: 1, ticketsTo: 5, refusals: [refusal], days: [day] },
      position: [{ writer: 'proxy-1', epoch: 1, seq: 9, at: 1_000 }],
    })
  })

  test('keeps the days as they stood when it was asked, whatever they become while it works', async () => {
    const store = await open()
    const day: OperatorDay = {
      ...{ operator: 'AUR-1', day: 20_000, contract: null, role: 'agent', unit: 'phone' },
      ...{ people: new Set([lookupOf('a')]), loose: new Map(), marks: new Map() },
    }
    const committing = store.commit(commitOf({ days: [day] }))
    day.people.add(lookupOf('b'))
    day.loose.set(lookupOf('b'), '')
    await committing
    const [kept] = (await store.load(90)).days
    expect([kept?.people, kept?.loose]).toEqual([new Set([lookupOf('a')]), new Map()])
  })

  test('refuses whoever comes second, and keeps nothing of theirs', async () => {
    const store = await open()
    await store.commit(commitOf())
    expect(await store.commit(commitOf({ findings: [findingOf()] }))).toBe('superseded')
    expect(await store.alerts({ limit: 10 })).toEqual([])
    expect(await store.commit(commitOf({ base: 1, findings: [findingOf()] }))).toBe('committed')
    expect(await store.commit(commitOf({ base: 1, findings: [findingOf({ key: 'other' })] }))).toBe(
      'superseded',
    )
    expect(await store.alerts({ limit: 10 })).toHaveLength(1)
  })

  test('forgets days that no rule looks back on', async () => {
    const store = await open()
    const day = (number: number): OperatorDay => ({
      ...{ operator: 'AUR-1', day: number, contract: null, role: '', unit: '' },
      ...{ people: new Set(), loose: new Map(), marks: new Map() },
    })
    await store.commit(commitOf({ days: [day(10), day(100), day(150)] }))
    expect((await store.load(60)).days.map((each) => each.day).sort((a, b) => a - b)).toEqual([100, 150])
    await store.commit(commitOf({ base: 1, forgetBefore: 100 }))
    expect((await store.load(1_000)).days.map((each) => each.day).sort((a, b) => a - b)).toEqual([100, 150])
  })

  test('adds evidence to an open alert, and raises another once it was answered', async () => {
    const store = await open()
    await store.commit(commitOf({ findings: [findingOf()] }))
    const [first] = await store.alerts({ limit: 10 })
    expect(first).toMatchObject({
      rule: 'self',
      operator: 'AUR-1',
      state: 'open',
      decision: null,
      eventCount: 1,
    })
    await store.commit(
      commitOf({
        base: 1,
        findings: [findingOf({ events: ['proxy-1.1.3', 'proxy-1.1.8'], eventCount: 2, lastAt: 300n })],
      }),
    )
    const id = first?.id ?? ''
    expect(await store.alert(id)).toMatchObject({ events: ['proxy-1.1.3', 'proxy-1.1.8'], lastAt: 300n })
    expect(await store.decideAlert(id, 'explained', DECISION)).toBe(true)
    await store.commit(commitOf({ base: 2, findings: [findingOf({ eventCount: 2, lastAt: 300n })] }))
    expect(await store.alertCounts()).toEqual({ open: 0, explained: 1, confirmed: 0 })
    await store.commit(
      commitOf({ base: 3, findings: [findingOf({ eventCount: 3, lastAt: 900n })], now: 5_000n }),
    )
    expect(await store.alertCounts()).toEqual({ open: 1, explained: 1, confirmed: 0 })
    const counted = (from: bigint, to: bigint) => store.alertCounts({ from, to })
    expect(await counted(5_000n, 5_001n)).toEqual({ open: 1, explained: 0, confirmed: 0 })
    expect((await counted(4_000n, 5_000n)).open).toBe(0)
    expect(
      await store.alerts({
        state: 'open',
        rule: 'self',
        operator: 'AUR-1',
        contract: 'aurora-2026',
        raisedFrom: 5_000n,
        limit: 10,
      }),
    ).toHaveLength(1)
    expect(await store.alerts({ operator: 'AUR-2', limit: 10 })).toEqual([])
  })

  test('gives alerts page by page, each once, also where several were raised at one moment', async () => {
    const store = await open()
    const findings = Array.from({ length: 5 }, (_, i) => findingOf({ key: `page|${i}` }))
    await store.commit(commitOf({ findings }))
    const all = (await store.alerts({ limit: 10 })).map(({ id }) => id)
    const walked: string[] = []
    for (let after: string | undefined; ;) {
      const page = await store.alerts({ limit: 2, ...(after === undefined ? {} : { after }) })
      if (page.length === 0) break
      walked.push(...page.map(({ id }) => id))
      after = walked.at(-1)
    }
    expect(walked).toEqual(all)
    expect(new Set(all).size).toBe(5)
    expect(await store.alerts({ limit: 2, after: 'none' })).toEqual([])
  })

  test('an alert is answered once, and contested whenever', async () => {
    const store = await open()
    await store.commit(commitOf({ findings: [findingOf()] }))
    const id = (await store.alerts({ limit: 1 }))[0]?.id ?? ''
    const confirmed = { ...DECISION, notifyBy: 9_000n }
    expect(await store.decideAlert('A-none', 'confirmed', confirmed)).toBe(false)
    expect(await store.decideAlert(id, 'confirmed', confirmed)).toBe(true)
    expect(await store.decideAlert(id, 'explained', DECISION)).toBe(false)
    await store.addContest(id, { at: 3_000n, text: 'it was my namesake' })
    expect(await store.alert(id)).toMatchObject({
      ...{ state: 'confirmed', decision: confirmed },
      contests: [{ at: 3_000n, text: 'it was my namesake' }],
    })
  })
}
