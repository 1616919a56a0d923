import { asId } from '@varco/core'
import { expect, test } from 'vitest'
import type { Restriction, RestrictionStore } from '../restriction.ts'

const restriction = (id: string, placedAt: bigint): Restriction => ({
  ...{ id, placedAt, reason: 'the accuracy is contested', placedBy: asId('DPO-1') },
  scope: { kind: 'record', resource: 'invoice', record: '7' },
  request: null,
  liftedBy: null,
  liftedAt: null,
})

/** What every store of restrictions keeps to. `open` gives an empty one. */
export function restrictionStoreContract(open: () => Promise<RestrictionStore>): void {
  test('those in force are told oldest first, whole, and one that was lifted no more', async () => {
    const store = await open()
    const [one, two] = [restriction('b', 1n), restriction('a', 2n)]
    await store.addRestriction(one)
    await store.addRestriction(two)
    expect(await store.restrictions()).toEqual([one, two])
    const lifted = { ...one, liftedBy: asId<Restriction['placedBy']>('LEG-1'), liftedAt: 3n }
    expect(await store.liftRestriction(lifted)).toBe(true)
    expect(await store.restrictions()).toEqual([two])
    expect(await store.restriction('b')).toEqual(lifted)
  })

  test('tells those that the log may not have, lifted too, until it is noted that it has', async () => {
    const store = await open()
    const one = { ...restriction('a', 1n), request: 'RQ-2026-000017' }
    await store.addRestriction(one)
    await store.addRestriction(restriction('b', 2n))
    await store.noteRecorded('b')
    expect(await store.unrecorded()).toEqual([one])
    await store.noteRecorded('a')
    expect(await store.unrecorded()).toEqual([])
  })

  test('one is lifted once, and one that does not exist never', async () => {
    const store = await open()
    const one = restriction('a', 1n)
    await store.addRestriction(one)
    const lifted = { ...one, liftedBy: asId<Restriction['placedBy']>('LEG-1'), liftedAt: 3n }
    await store.liftRestriction(lifted)
    expect(await store.liftRestriction({ ...lifted, liftedAt: 4n })).toBe(false)
    expect(await store.liftRestriction({ ...lifted, id: 'z' })).toBe(false)
    expect(await store.restriction('z')).toBeNull()
  })

  test('one of the same id stays as it is, lifted too', async () => {
    const store = await open()
    const one = restriction('a', 1n)
    await store.addRestriction(one)
    await store.addRestriction(restriction('a', 9n))
    expect(await store.restriction('a')).toEqual(one)
    const lifted = { ...one, liftedBy: asId<Restriction['placedBy']>('LEG-1'), liftedAt: 3n }
    await store.liftRestriction(lifted)
    await store.addRestriction(one)
    expect(await store.restrictions()).toEqual([])
  })
}
