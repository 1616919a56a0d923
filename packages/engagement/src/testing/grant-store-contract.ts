import { asId, type GrantId, type Micros } from '@varco/core'
import { describe, expect, test, vi } from 'vitest'
import type { EngagementChange, EngagementFeed } from '../facts.ts'
import type { Grant } from '../grants/grant.ts'
import type { GrantStore } from '../grants/grant-store.ts'
import { FIXTURE_NOW } from './engagement-facts.ts'

const HOUR: Micros = 3_600_000_000n

export function grantFact(overrides: Partial<Grant> = {}): Grant {
  return {
    id: asId('G-1'),
    operator: asId('aurora:anna'),
    pseudonym: asId('AUR-7F3A'),
    processor: asId('aurora'),
    contract: asId('aurora-2026'),
    role: 'contact-centre.operator',
    unit: 'contact-centre',
    matter: {
      resource: asId('antimafia_check'),
      record: '7',
      dataSubject: null,
      action: 'read',
      purpose: asId('antimafia-status'),
      ticket: asId('T-antimafia'),
    },
    reason: 'the caller asks for the day of release',
    owner: 'antimafia-unit',
    norm: 'D.Lgs. 159/2011, art. 83',
    askedAt: FIXTURE_NOW,
    minutes: 60,
    state: 'asked',
    decidedBy: null,
    decidedAt: null,
    expiresAt: null,
    revokedBy: null,
    revokedAt: null,
    emergency: null,
    revision: 0,
    ...overrides,
  }
}

/** What every store of grants must do. `open` gives an empty one. */
export function grantStoreContract(name: string, open: () => Promise<GrantStore & EngagementFeed>): void {
  const idsOf = async (store: GrantStore, query: Partial<Parameters<GrantStore['grants']>[0]>) =>
    (await store.grants({ limit: 10, ...query })).map(({ id }) => id)

  describe(`${name} as a store of grants`, () => {
    test('gives back a grant exactly as put, however far it has come', async () => {
      const store = await open()
      const asked = grantFact({ reason: 'with "quotes", a \u0027 and a \\ and \n a line' })
      await store.addGrant(asked)
      expect(await store.grant(asked.id)).toEqual(asked)
      const reviewed = grantFact({
        id: asId('G-2'),
        processor: null,
        contract: null,
        norm: null,
        matter: { ...asked.matter, record: null, dataSubject: 'P1' },
        state: 'approved',
        decidedAt: FIXTURE_NOW,
        expiresAt: 2n ** 53n + 1n,
        emergency: {
          reviewDue: FIXTURE_NOW + 72n * HOUR,
          review: { by: asId('GSE-1'), at: FIXTURE_NOW + HOUR, outcome: 'unjustified', note: 'a call' },
        },
      })
      await store.addGrant(reviewed)
      expect(await store.grant(reviewed.id)).toEqual(reviewed)
      expect(await store.grant(asId('G-none'))).toBeNull()
    })

    test('an id is given once', async () => {
      const store = await open()
      await store.addGrant(grantFact())
      await expect(store.addGrant(grantFact({ reason: 'another reason' }))).rejects.toMatchObject({
        code: 'engagement-conflict',
      })
    })

    test('of two who decide at once, one does', async () => {
      const store = await open()
      await store.addGrant(grantFact())
      const approved = grantFact({
        ...{ state: 'approved', decidedBy: asId('GSE-1'), decidedAt: FIXTURE_NOW + 1n },
        ...{ expiresAt: FIXTURE_NOW + HOUR, revision: 1 },
      })
      const refused = grantFact({
        ...{ state: 'refused', decidedBy: asId('GSE-2'), decidedAt: FIXTURE_NOW + 1n, revision: 1 },
      })
      const outcomes = await Promise.all([store.replaceGrant(approved), store.replaceGrant(refused)])
      expect(outcomes.filter(Boolean)).toHaveLength(1)
      expect(await store.grant(approved.id)).toEqual(outcomes[0] ? approved : refused)
      expect(await store.replaceGrant(grantFact({ id: asId('G-none'), revision: 1 }))).toBe(false)
    })

    test('finds what waits for a unit, what a person asked, what a contract has, latest first', async () => {
      const store = await open()
      const at = (id: string, more: Partial<Grant>): Promise<void> =>
        store.addGrant(grantFact({ id: asId<GrantId>(id), ...more }))
      await at('G-1', {})
      await at('G-2', { askedAt: FIXTURE_NOW + 1n, owner: 'invoicing' })
      await at('G-3', { askedAt: FIXTURE_NOW + 2n, operator: asId('aurora:bea'), pseudonym: asId('AUR-B') })
      await at('G-4', { askedAt: FIXTURE_NOW + 3n, state: 'refused', contract: null })
      expect(await idsOf(store, {})).toEqual(['G-4', 'G-3', 'G-2', 'G-1'])
      expect(await idsOf(store, { limit: 1 })).toEqual(['G-4'])
      expect(await idsOf(store, { limit: 2, after: asId('G-3') })).toEqual(['G-2', 'G-1'])
      expect(await idsOf(store, { after: asId('G-1') })).toEqual([])
      expect(await idsOf(store, { after: asId('G-none') })).toEqual([])
      expect(await idsOf(store, { state: 'asked', owner: 'antimafia-unit' })).toEqual(['G-3', 'G-1'])
      expect(await idsOf(store, { operator: asId('aurora:bea') })).toEqual(['G-3'])
      expect(await idsOf(store, { contract: asId('aurora-2026') })).toEqual(['G-3', 'G-2', 'G-1'])
    })

    test('finds emergencies whose review is late', async () => {
      const store = await open()
      const due = FIXTURE_NOW + HOUR
      const emergency = (id: string, reviewDue: Micros, reviewed: boolean): Promise<void> =>
        store.addGrant(
          grantFact({
            id: asId<GrantId>(id),
            state: 'approved',
            decidedAt: FIXTURE_NOW,
            expiresAt: FIXTURE_NOW + HOUR,
            emergency: {
              reviewDue,
              review: reviewed
                ? { by: asId('GSE-1'), at: FIXTURE_NOW, outcome: 'justified', note: '' }
                : null,
            },
          }),
        )
      await emergency('late', due, false)
      await emergency('later', due + 1n, false)
      await emergency('done', due, true)
      await store.addGrant(grantFact())
      expect(await idsOf(store, { unreviewedAt: due })).toEqual(['late'])
    })

    test('tells who watches which grant changed', async () => {
      const store = await open()
      const heard: EngagementChange[] = []
      await using _watch = await store.watch((change) => heard.push(change))
      await store.addGrant(grantFact())
      await store.replaceGrant(grantFact({ state: 'revoked', revision: 1 }))
      await store.replaceGrant(grantFact({ state: 'revoked', revision: 7 }))
      await vi.waitFor(() => {
        expect(heard).toEqual([
          { kind: 'grant', id: 'G-1' },
          { kind: 'grant', id: 'G-1' },
        ])
      })
    })
  })
}
