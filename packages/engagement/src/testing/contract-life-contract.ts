import { asId, type ContractId } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { CopiesLedger, Copy } from '../copies/copies-ledger.ts'
import type { EngagementStore, EngagementWriter } from '../facts.ts'
import type { GrantStore } from '../grants/grant-store.ts'
import { contractEnd } from '../life/contract-end.ts'
import type { ContractLifeStore, MoveProposal, StopEffects, TakenMove } from '../life/contract-life-store.ts'
import type { ExitCase } from '../life/exit-case.ts'
import { assignmentFact, contractFact, FIXTURE_NOW, operatorFact, ticketFact } from './engagement-facts.ts'
import { grantFact } from './grant-store-contract.ts'

const AURORA: ContractId = asId('aurora-2026')
const BOREA: ContractId = asId('borea-2023')

const STOPPING: TakenMove = {
  contract: AURORA,
  move: 'declare-insolvent',
  from: 'active',
  to: 'insolvent',
  by: asId('GSE-1'),
  second: null,
  at: FIXTURE_NOW,
  reason: 'the court has opened it',
}

export function exitFact({ ticketsMoved, grantsRevoked }: StopEffects): ExitCase {
  return {
    contract: AURORA,
    processor: asId('aurora'),
    cause: 'insolvency',
    openedBy: asId('GSE-1'),
    openedAt: FIXTURE_NOW,
    dueAt: 2n ** 53n + 1n,
    successor: BOREA,
    ...{ ticketsMoved, grantsRevoked },
    choice: null,
    parties: [{ kind: 'curator', name: 'Aurora "in liquidation"' }],
    declarations: [],
    verified: null,
    closedAt: null,
    revision: 0,
  }
}

export function copyFact(overrides: Partial<Copy> = {}): Copy {
  return {
    id: 'C-1',
    kind: 'records',
    contract: AURORA,
    processor: asId('aurora'),
    owner: asId('AUR-7F3A'),
    purpose: 'invoice-enquiry',
    event: asId('proxy-1.1.7'),
    records: 12,
    madeAt: FIXTURE_NOW,
    expiresAt: FIXTURE_NOW + 1n,
    settled: null,
    ...overrides,
  }
}

interface LifeWorld {
  readonly engagement: EngagementStore & EngagementWriter
  readonly grants: GrantStore
  readonly life: ContractLifeStore
}

/** What every store of contracts' lives must do. `open` gives an empty one. */
export function contractLifeContract(name: string, open: () => Promise<LifeWorld>): void {
  const openActive = async (): Promise<LifeWorld> => {
    const world = await open()
    await world.engagement.putMany({
      contracts: [contractFact(), contractFact({ contract: BOREA, processor: asId('borea') })],
      tickets: [
        ticketFact(),
        ticketFact({ id: asId('T-2') }),
        ticketFact({ id: asId('T-3'), status: 'closed', closedAt: FIXTURE_NOW }),
        ticketFact({ id: asId('T-4'), contract: BOREA }),
      ],
    })
    await world.grants.addGrant(grantFact())
    await world.grants.addGrant(grantFact({ id: asId('G-2'), contract: BOREA }))
    await world.grants.addGrant(grantFact({ id: asId('G-3'), state: 'refused' }))
    return world
  }
  const stop = { successor: BOREA, exitCase: exitFact }
  const insolvent = contractFact({ state: 'insolvent', since: FIXTURE_NOW })

  describe(`${name} as a store of contracts’ lives`, () => {
    test('a step that stops revokes the grants, moves the open tickets and opens the exit, and nothing of others', async () => {
      const { engagement, grants, life } = await openActive()
      const effects = await life.takeMove(STOPPING, insolvent, stop)
      expect(effects).toEqual({ ticketsMoved: 2, grantsRevoked: 1 })
      expect(await engagement.contractState(AURORA)).toEqual(insolvent)
      const owners = await Promise.all(
        ['T-1', 'T-2', 'T-3', 'T-4'].map(async (id) => (await engagement.ticket(asId(id)))?.contract),
      )
      expect(owners).toEqual([BOREA, BOREA, AURORA, BOREA])
      const states = await Promise.all(
        ['G-1', 'G-2', 'G-3'].map(async (id) => (await grants.grant(asId(id)))?.state),
      )
      expect(states).toEqual(['revoked', 'asked', 'refused'])
      expect(await life.exitCase(AURORA)).toEqual(exitFact({ ticketsMoved: 2, grantsRevoked: 1 }))
      expect(await life.movesOf(AURORA)).toEqual([STOPPING])
      expect(await life.exitCase(BOREA)).toBeNull()
    })

    test('of two who take the same step at once, one does, and tickets move once', async () => {
      const { life } = await openActive()
      const taken = await Promise.all([
        life.takeMove(STOPPING, insolvent, stop),
        life.takeMove(STOPPING, insolvent, stop),
      ])
      expect(taken.filter((effects) => effects !== null)).toEqual([{ ticketsMoved: 2, grantsRevoked: 1 }])
      expect(await life.movesOf(AURORA)).toHaveLength(1)
    })

    test('tickets without a successor go to the body', async () => {
      const { engagement, life } = await openActive()
      await life.takeMove(STOPPING, insolvent, { ...stop, successor: null })
      expect((await engagement.ticket(asId('T-1')))?.contract).toBeNull()
    })

    test('a second stop keeps the exit as it was opened', async () => {
      const { life } = await openActive()
      await life.takeMove(STOPPING, insolvent, stop)
      const frozen = contractFact({ state: 'frozen', since: FIXTURE_NOW })
      const second: TakenMove = {
        ...STOPPING,
        move: 'terminate',
        from: 'insolvent',
        to: 'frozen',
        second: asId('GSE-2'),
      }
      await life.takeMove(second, frozen, {
        ...stop,
        exitCase: (effects) => ({ ...exitFact(effects), cause: 'termination' }),
      })
      expect(await life.exitCase(AURORA)).toMatchObject({ cause: 'insolvency', ticketsMoved: 2 })
      expect(await life.movesOf(AURORA)).toEqual([STOPPING, second])
    })

    test('a step of the exit keeps the end that it finds, also where that was corrected after the contract ended', async () => {
      const { engagement, life } = await openActive()
      const ends: TakenMove = { ...STOPPING, move: 'terminate', to: 'frozen', second: asId('GSE-2') }
      await life.takeMove(ends, contractFact({ state: 'frozen', since: FIXTURE_NOW }), stop)
      const corrected = contractFact({ state: 'frozen', since: FIXTURE_NOW + 40n })
      await engagement.putContractState(corrected)
      const at = FIXTURE_NOW + 60n
      const returns: TakenMove = { ...STOPPING, move: 'begin-return', from: 'frozen', to: 'returning', at }
      await life.takeMove(returns, contractFact({ state: 'returning', since: at }), null)
      const state = await life.contractState(AURORA)
      expect(state).toEqual({ ...corrected, state: 'returning' })
      expect(state === null ? null : contractEnd(state, await life.movesOf(AURORA))).toBe(corrected.since)
    })

    test('keeps the one proposal that waits, until the step is taken', async () => {
      const { life } = await openActive()
      const proposal: MoveProposal = {
        ...{ contract: AURORA, move: 'terminate', at: FIXTURE_NOW, reason: 'it is over', successor: BOREA },
        operator: asId('gse:dora'),
        pseudonym: asId('GSE-1'),
      }
      expect(await life.proposal(AURORA)).toBeNull()
      await life.propose({ ...proposal, successor: null })
      await life.propose(proposal)
      expect(await life.proposal(AURORA)).toEqual(proposal)
      await life.takeMove(STOPPING, insolvent, stop)
      expect(await life.proposal(AURORA)).toBeNull()
    })

    test('an exit is changed from the revision it was read at, or not at all', async () => {
      const { life } = await openActive()
      await life.takeMove(STOPPING, insolvent, stop)
      const opened = exitFact({ ticketsMoved: 2, grantsRevoked: 1 })
      const chosen: ExitCase = {
        ...opened,
        choice: { kind: 'return', by: asId('GSE-1'), at: FIXTURE_NOW },
        revision: 1,
      }
      expect(await life.replaceExitCase({ ...chosen, revision: 2 })).toBe(false)
      expect(await life.replaceExitCase(chosen)).toBe(true)
      expect(await life.replaceExitCase(chosen)).toBe(false)
      expect(await life.exitCase(AURORA)).toEqual(chosen)
    })

    test('knows who carries a pseudonym now', async () => {
      const { engagement, life } = await open()
      const assignment = assignmentFact({ attributes: { regions: ['Lazio'] }, to: FIXTURE_NOW + 1n })
      await engagement.putMany({ operators: [operatorFact()], assignments: [assignment] })
      expect(await life.assignmentsOf(assignment.pseudonym, FIXTURE_NOW)).toEqual([assignment])
      expect(await life.assignmentsOf(assignment.pseudonym, FIXTURE_NOW + 1n)).toEqual([])
      expect(await life.assignmentsOf(asId('NOBODY'), FIXTURE_NOW)).toEqual([])
    })
  })
}

/** What every ledger of copies must do. `open` gives an empty one. */
export function copiesLedgerContract(name: string, open: () => Promise<CopiesLedger>): void {
  describe(`${name} as a ledger of copies`, () => {
    test('keeps each copy, and what became of it, once', async () => {
      const ledger = await open()
      const mine = copyFact({
        id: 'C-2',
        kind: 'log',
        contract: null,
        processor: null,
        purpose: null,
        records: null,
      })
      await ledger.addCopy(copyFact())
      await ledger.addCopy(mine)
      await ledger.addCopy(copyFact({ id: 'C-3', madeAt: FIXTURE_NOW + 1n }))
      expect(await ledger.copy('C-2')).toEqual(mine)
      const settled: NonNullable<Copy['settled']> = {
        how: 'deleted',
        by: asId('GSE-1'),
        at: FIXTURE_NOW + 5n,
        reason: 'shredded',
      }
      expect(await ledger.settleCopy('C-1', settled)).toBe(true)
      expect(await ledger.settleCopy('C-1', { ...settled, how: 'excepted' })).toBe(false)
      expect(await ledger.settleCopy('C-none', settled)).toBe(false)
      const idsOf = async (query: Partial<Parameters<CopiesLedger['copies']>[0]>) =>
        (await ledger.copies({ limit: 9, ...query })).map(({ id }) => id)
      expect(await idsOf({})).toEqual(['C-3', 'C-2', 'C-1'])
      expect(await idsOf({ contract: AURORA, unsettled: true })).toEqual(['C-3'])
      expect(await idsOf({ limit: 1 })).toEqual(['C-3'])
      expect((await ledger.copy('C-1'))?.settled).toEqual(settled)
    })
  })
}
