import { asId, type Pseudonym } from '@varco/core'
import { expect, test } from 'vitest'
import type { RecipientNotice, RecipientNotices } from '../request/recipient-notice.ts'

const notice = (id: string, queuedAt: bigint): RecipientNotice => ({
  ...{ id, queuedAt, request: 'RQ-2026-000017', act: 'erasure' },
  ...{ processor: asId('aurora'), contract: asId('aurora-2026'), settled: null },
  dataSubject: { kind: 'producer', id: 'P1' },
  ...{ resources: ['invoice', 'producer'], copies: ['proxy-1.1.1'] },
})
const settled = { how: 'told', by: asId<Pseudonym>('DPO-1'), at: 9n, note: 'prot. 7/2026' } as const

/** What every queue of notices keeps to. `open` gives an empty one. */
export function recipientNoticesContract(open: () => Promise<RecipientNotices>): void {
  test('those that wait are told oldest first, whole, and queued again stay as they are', async () => {
    const notices = await open()
    await notices.queue([notice('b', 2n), notice('a', 3n)])
    await notices.queue([notice('c', 1n), notice('b', 9n)])
    expect(await notices.waiting(10)).toEqual([notice('c', 1n), notice('b', 2n), notice('a', 3n)])
    expect(await notices.waiting(1)).toEqual([notice('c', 1n)])
    await notices.queue([])
  })

  test('one that is settled names nobody any more, waits no more and is settled once', async () => {
    const notices = await open()
    await notices.queue([notice('a', 1n)])
    expect(await notices.settle('a', settled)).toBe(true)
    expect(await notices.notice('a')).toEqual({ ...notice('a', 1n), dataSubject: null, settled })
    expect(await notices.waiting(10)).toEqual([])
    expect(await notices.settle('a', { ...settled, how: 'excepted' })).toBe(false)
    expect(await notices.settle('z', settled)).toBe(false)
    expect(await notices.notice('z')).toBeNull()
    await notices.queue([notice('a', 1n)])
    expect(await notices.waiting(10)).toEqual([])
  })
}
