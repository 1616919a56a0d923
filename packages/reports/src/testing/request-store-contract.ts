import { isoToMicros, type Micros } from '@varco/core'
import { beforeEach, expect, test } from 'vitest'
import type { DataSubjectRequest } from '../requests/request.ts'
import type { RequestStore } from '../requests/request-store.ts'

/** What every store of requests promises; `open` gives an empty one. */
export function requestStoreContract(open: () => Promise<RequestStore>): void {
  let store: RequestStore
  beforeEach(async () => {
    store = await open()
  })

  test('gives numbers without a gap, each once, by year', async () => {
    const numbers = await Promise.all(Array.from({ length: 20 }, () => store.nextNumber(2026)))
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    expect(await store.nextNumber(2027)).toBe(1)
  })

  test('gives back what it was given, microseconds and missing things included', async () => {
    const bare = requestOf('RQ-2026-000001')
    await store.add(bare)
    expect(await store.find(bare.id)).toEqual(bare)
    expect(await store.find('RQ-2026-000002')).toBeNull()
  })

  test.each<Partial<DataSubjectRequest>>([
    {
      identity: {
        state: 'confirmed',
        askedAt: at('2026-11-02T08:00:00Z'),
        settledAt: at('2026-11-05T08:00:00Z'),
      },
    },
    {
      extension: { at: at('2026-11-20T08:00:00.000007Z'), by: 'RPD-1', reason: 'È una richiesta complessa.' },
    },
    { outcome: { kind: 'answered', at: at('2026-11-20T08:00:00Z'), by: 'RPD-1', answer: 'ab'.repeat(32) } },
    {
      outcome: {
        kind: 'refused',
        at: at('2026-11-20T08:00:00Z'),
        by: 'RPD-1',
        ground: 'manifestly-excessive',
        reason: 'Chiesta quaranta volte in un mese.',
      },
    },
    { outcome: { kind: 'withdrawn', at: at('2026-11-20T08:00:00Z'), by: 'RPD-1' } },
    { identifier: null, replyTo: null, reminded: -1, right: 'erasure', channel: 'post' },
  ])('keeps a change: %o', async (change) => {
    const before = requestOf('RQ-2026-000001')
    await store.add(before)
    const after = { ...before, ...change, version: 2 }
    expect(await store.replace(after)).toBe(true)
    expect(await store.find(before.id)).toEqual(after)
  })

  test('lets one of two changes of the same version in', async () => {
    const before = requestOf('RQ-2026-000001')
    await store.add(before)
    const changes = [1, 2, 3, 4].map((reminded) => store.replace({ ...before, reminded, version: 2 }))
    expect((await Promise.all(changes)).filter((taken) => taken)).toHaveLength(1)
    expect(await store.replace({ ...before, version: 4 })).toBe(false)
  })

  test('lists those without an outcome oldest first, and all newest first by page', async () => {
    const days = ['03', '01', '05', '02', '04']
    for (const day of days) await store.add(requestOf(`RQ-2026-0000${day}`, at(`2026-11-${day}T09:00:00Z`)))
    const third = await store.find('RQ-2026-000003')
    if (third === null) throw new Error('not kept')
    const outcome = { kind: 'withdrawn', at: at('2026-11-09T09:00:00Z'), by: 'RPD-1' } as const
    await store.replace({ ...third, outcome, version: 2 })
    const numbersOf = (requests: readonly DataSubjectRequest[]): string[] =>
      requests.map(({ id }) => id.slice(-2))
    expect(numbersOf(await store.open())).toEqual(['01', '02', '04', '05'])
    expect(numbersOf(await store.list({ limit: 2 }))).toEqual(['05', '04'])
    expect(numbersOf(await store.list({ limit: 10, after: 'RQ-2026-000004' }))).toEqual(['03', '02', '01'])
  })
}

function at(iso: string): Micros {
  return isoToMicros(iso) ?? 0n
}

function requestOf(id: string, receivedAt: Micros = at('2026-11-01T09:00:00.000001Z')): DataSubjectRequest {
  return {
    id,
    right: 'access',
    receivedAt,
    channel: 'certified-email',
    identifier: 'RSSMRA80A01H501U',
    replyTo: 'mario@posta.example',
    identity: { state: 'unchecked', askedAt: null, settledAt: null },
    extension: null,
    outcome: null,
    reminded: null,
    version: 1,
  }
}
