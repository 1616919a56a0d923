import { asId, UnavailableError, type ContractId, type EventId } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { WorkKeyOwner } from '../work/work-keys.ts'
import type { DeclaredMonth, WorkDeclaration, WorkStore } from '../work/work-store.ts'

const OWNER: WorkKeyOwner = { contract: asId<ContractId>('aurora-2026'), month: '2026-10' }
const NEXT: WorkKeyOwner = { ...OWNER, month: '2026-11' }
const OTHER: WorkKeyOwner = { ...OWNER, contract: asId<ContractId>('boreas-2026') }
const event = (n: number): EventId => asId(`proxy.1.${n}`)

function monthFact(owner = OWNER, name = 'key') {
  return { ...owner, publicKey: Buffer.from(`${name} ö`), sealedKey: Buffer.from(`sealed ${name}`) }
}

function declarationFact(name: string, hours: WorkDeclaration['hours'] = { reception: 8 }): WorkDeclaration {
  return { message: Buffer.from(`message ${name}`), signature: Buffer.from(`signature ${name}`), hours }
}

/** What every store of declared work must do. `open` gives an empty one. */
export function workStoreContract(name: string, open: () => Promise<WorkStore>): void {
  describe(`${name} as a store of declared work`, () => {
    test('keeps the first key of a month and the first entry about it', async () => {
      const store = await open()
      expect(await store.month(OWNER)).toBeNull()
      const kept = { ...monthFact(), announced: null, closed: null }
      const [one, other] = await Promise.all([
        store.putMonth(monthFact()),
        store.putMonth(monthFact(OWNER, 'second')),
      ])
      expect(one).toEqual(other)
      expect(['key ö', 'second ö']).toContain(String(one.publicKey))
      expect(await store.putMonth(monthFact(OWNER, 'third'))).toEqual(one)
      expect({ ...one, ...monthFact() }).toEqual(kept)
      await store.announce(OWNER, event(1))
      await store.announce(OWNER, event(2))
      expect(await store.month(OWNER)).toEqual({ ...one, announced: event(1) })
      expect(await store.month(NEXT)).toBeNull()
      expect(await store.month(OTHER)).toBeNull()
    })

    test('gives each taker one token a month, and the same one again', async () => {
      const store = await open()
      await store.putMonth(monthFact())
      await store.putMonth(monthFact(NEXT))
      const answers = await Promise.all(['x', 'y', 'z'].map((blinded) => store.take(OWNER, 'anna', blinded)))
      expect(answers.filter(Boolean)).toHaveLength(1)
      const first = ['x', 'y', 'z'][answers.indexOf(true)] ?? ''
      expect(await store.take(OWNER, 'anna', first)).toBe(true)
      expect(await store.take(OWNER, 'anna', 'another')).toBe(false)
      expect(await store.take(OWNER, 'bruno', 'another')).toBe(true)
      expect(await store.take(NEXT, 'anna', 'another')).toBe(true)
      expect(await store.take(OTHER, 'anna', 'another')).toBe(false)
    })

    test('takes each token in once, until the month is closed', async () => {
      const store = await open()
      await store.putMonth(monthFact())
      const twice = await Promise.all([
        store.handIn(OWNER, declarationFact('a')),
        store.handIn(OWNER, declarationFact('a', { reception: 9 })),
      ])
      expect(twice.filter(Boolean)).toHaveLength(1)
      expect(await store.handIn(OWNER, declarationFact('b', { 'trade-fair': 16, reception: 1 }))).toBe(true)
      expect(await store.handIn(NEXT, declarationFact('c'))).toBe(false)
      expect(await store.close(OWNER, async () => event(3))).toBe(true)
      expect(await store.handIn(OWNER, declarationFact('d'))).toBe(false)
      const [month, ...more] = await store.declared(OWNER.contract, '2026-10', '2026-10')
      expect(more).toEqual([])
      expect(month).toMatchObject({ ...monthFact(), closed: event(3) })
      expect(month?.declarations).toHaveLength(2)
      expect(month?.declarations).toContainEqual(declarationFact('b', { 'trade-fair': 16, reception: 1 }))
    })

    test('lets one of all who would close a month decide, on all that was handed in, and whoever comes later decide nothing', async () => {
      const store = await open()
      await store.putMonth(monthFact())
      await store.handIn(OWNER, declarationFact('a'))
      let decided = 0
      const decide = async ({ declarations }: DeclaredMonth) => {
        decided++
        const late = store.handIn(OWNER, declarationFact(`late ${decided}`))
        await Promise.race([late, new Promise((resolve) => setTimeout(resolve, 20))])
        expect(declarations).toEqual([declarationFact('a')])
        return event(decided)
      }
      expect(await store.close(OWNER, async () => null)).toBe(false)
      const noLog = new UnavailableError('access log')
      await expect(store.close(OWNER, () => Promise.reject(noLog))).rejects.toThrow(UnavailableError)
      expect((await store.month(OWNER))?.closed).toBeNull()
      const all = await Promise.all([1, 2, 3].map(() => store.close(OWNER, decide)))
      expect([all.filter(Boolean).length, decided]).toEqual([1, 1])
      expect(await store.close(OTHER, decide)).toBe(false)
      const [month] = await store.declared(OWNER.contract, '2026-10', '2026-10')
      expect(month?.closed).toBe(event(1))
      expect(month?.declarations).toEqual([declarationFact('a')])
      expect(await store.closeAnew(OWNER, async (kept) => (kept.closed === event(1) ? event(9) : null))).toBe(
        true,
      )
      expect((await store.month(OWNER))?.closed).toBe(event(9))
    })

    test('gives months in their order and declarations in an order that tells nothing', async () => {
      const names = ['e', 'd', 'c', 'b', 'a']
      const orders: unknown[] = []
      for (const order of [names, names.toReversed()]) {
        const store = await open()
        for (const owner of [NEXT, OWNER, OTHER]) await store.putMonth(monthFact(owner))
        for (const each of order) await store.handIn(OWNER, declarationFact(each))
        const found = await store.declared(OWNER.contract, '2026-01', '2026-11')
        expect(found.map(({ month }) => month)).toEqual(['2026-10', '2026-11'])
        expect(await store.declared(OWNER.contract, '2026-11', '2026-12')).toHaveLength(1)
        orders.push(found[0]?.declarations)
        const waiting = await store.notClosed('2026-10')
        expect(waiting.map(({ contract }) => contract).sort()).toEqual(
          [OWNER.contract, OTHER.contract].sort(),
        )
        await store.close(OTHER, async () => event(1))
        expect((await store.notClosed('2026-10')).map(({ contract }) => contract)).toEqual([OWNER.contract])
      }
      expect(orders[0]).toEqual(orders[1])
    })
  })
}
