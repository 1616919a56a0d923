import { expect, test } from 'vitest'
import type { ScheduleLedger } from '../schedule/schedule-ledger.ts'

/** What every ledger of schedules keeps to. `open` gives an empty one. */
export function scheduleLedgerContract(open: () => Promise<ScheduleLedger>): void {
  test('knows of each rule when it was last seen to, and by which plan', async () => {
    const ledger = await open()
    expect(await ledger.seen()).toEqual([])
    await ledger.see({ rule: 'visitors', at: 1n, plan: 'p1' })
    await ledger.see({ rule: 'invoices', at: 2n, plan: null })
    await ledger.see({ rule: 'visitors', at: 3n, plan: null })
    expect(await ledger.seen()).toEqual([
      { rule: 'invoices', at: 2n, plan: null },
      { rule: 'visitors', at: 3n, plan: null },
    ])
  })
}
