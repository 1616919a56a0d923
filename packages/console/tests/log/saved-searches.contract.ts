import { expect, test } from 'vitest'
import type { SavedSearches } from '../../src/log/saved-searches.ts'

/** What every store of saved searches must do; `open` gives an empty one. */
export function savedSearchesContract(open: () => Promise<SavedSearches & AsyncDisposable>): void {
  test('keeps searches by person and name, the last of a name alone, in the order of names', async () => {
    await using store = await open()
    await store.save('DPO-1', { name: 'b', query: 'decision=deny', savedAt: 1n })
    await store.save('DPO-1', { name: 'a', query: 'ticket=T-1', savedAt: 2n })
    await store.save('DPO-1', { name: 'b', query: 'decision=permit', savedAt: 1_795_512_725_123_456n })
    await store.save('DPO-2', { name: "è'", query: 'kind=all', savedAt: 3n })
    expect(await store.of('DPO-1')).toEqual([
      { name: 'a', query: 'ticket=T-1', savedAt: 2n },
      { name: 'b', query: 'decision=permit', savedAt: 1_795_512_725_123_456n },
    ])
    expect(await store.of('DPO-2')).toEqual([{ name: "è'", query: 'kind=all', savedAt: 3n }])
    expect(await store.of('DPO-3')).toEqual([])
  })

  test('removes one, of one person, and again', async () => {
    await using store = await open()
    await store.save('DPO-1', { name: 'a', query: 'q', savedAt: 1n })
    await store.save('DPO-2', { name: 'a', query: 'q', savedAt: 1n })
    await store.remove('DPO-1', 'a')
    await store.remove('DPO-1', 'a')
    expect(await store.of('DPO-1')).toEqual([])
    expect(await store.of('DPO-2')).toHaveLength(1)
  })
}
