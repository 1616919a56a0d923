import { expect, test } from 'vitest'
import type { Errand, UpstreamOutbox } from '../upstream/outbox.ts'

const ERRAND: Errand = {
  ...{ plan: 'p1', rule: 'invoices', resource: 'attachment' },
  ...{ by: 'invoice_id', parent: '7' },
}

/** What every outbox keeps to. `open` gives an empty one, in which the plan `p1` has the keys 7 and 8 by the rule `invoices`. */
export function outboxContract(open: () => Promise<UpstreamOutbox>): void {
  test('an errand is queued once, and stands as it was noted last', async () => {
    const outbox = await open()
    const other = { ...ERRAND, parent: '8' }
    const [first, second] = await outbox.queue([ERRAND, other], 5n)
    expect(first).toEqual({
      ...ERRAND,
      ...{ begun: [], since: 5n, attempts: 0, outcome: null, notBefore: 5n, abandoned: false },
    })
    expect(second?.parent).toBe('8')
    const noted = { ...ERRAND, begun: ['a/1', 'a,2'], since: 5n, attempts: 2, outcome: 'status-503' }
    await outbox.note({ ...noted, notBefore: 90n, abandoned: false }, null)
    expect(await outbox.queue([other, ERRAND], 7n)).toEqual([
      second,
      { ...noted, notBefore: 90n, abandoned: false },
    ])
    // What nobody has tried yet is somebody's work, or will be: it is not waited for.
    expect(await outbox.nextOf('p1')).toBe(90n)
    const standing = { plan: 'p1', resource: 'attachment', since: 5n }
    expect(await outbox.standing()).toEqual([{ ...standing, waiting: 2, next: 5n }])
    await outbox.close(other, null)
    expect(await outbox.nextOf('p1')).toBe(90n)
    expect(await outbox.standing()).toEqual([{ ...standing, waiting: 1, next: 90n }])
  })

  test('one that is abandoned waits no more, and is told', async () => {
    const outbox = await open()
    const [errand] = await outbox.queue([ERRAND], 5n)
    if (errand === undefined) throw new Error('nothing was queued')
    await outbox.note({ ...errand, attempts: 6, abandoned: true }, null)
    expect([await outbox.nextOf('p1'), await outbox.standing()]).toEqual([null, []])
    await outbox.sweep('p1')
    expect(await outbox.abandoned('p1')).toEqual([ERRAND])
  })
}
