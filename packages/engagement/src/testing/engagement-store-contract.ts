import { asId } from '@varco/core'
import { describe, expect, test, vi } from 'vitest'
import type {
  Assignment,
  EngagementChange,
  EngagementFeed,
  EngagementStore,
  EngagementWriter,
  Operator,
} from '../facts.ts'
import { assignmentFact, contractFact, FIXTURE_NOW, operatorFact, ticketFact } from './engagement-facts.ts'

const ANNA = operatorFact()
const HERS = assignmentFact()

/** What every engagement store must do. `open` gives an empty one. */
export function engagementStoreContract(
  name: string,
  open: () => Promise<EngagementStore & EngagementWriter & EngagementFeed>,
): void {
  const assignmentsAt = async (store: EngagementStore, now: bigint): Promise<readonly Assignment[]> =>
    (await store.whoIs(ANNA.issuer, ANNA.externalId, now))?.assignments ?? []

  describe(`${name} as an engagement store`, () => {
    test('knows nobody and nothing at first', async () => {
      const store = await open()
      expect(await store.whoIs(ANNA.issuer, ANNA.externalId, FIXTURE_NOW)).toBeNull()
      expect(await store.ticket(asId('T-1'))).toBeNull()
      expect(await store.contractState(asId('aurora-2026'))).toBeNull()
    })

    test('gives back an operator with the assignments that hold, exactly as put', async () => {
      const store = await open()
      const attributes = { regions: ['Lazio', "Valle d'Aosta"], level: 2, lead: true, note: '"quoted" \\ {}' }
      const assignment = assignmentFact({ attributes, to: 2n ** 53n + 1n })
      await store.putOperator(ANNA)
      await store.putAssignment(assignment)
      expect(await store.whoIs(ANNA.issuer, ANNA.externalId, FIXTURE_NOW)).toEqual({
        operator: ANNA,
        assignments: [assignment],
      })
    })

    test('knows people by issuer and sub together', async () => {
      const store = await open()
      await store.putOperator(ANNA)
      expect(await store.whoIs('https://login.borea.example', ANNA.externalId, FIXTURE_NOW)).toBeNull()
      expect(await store.whoIs(ANNA.issuer, 'ANNA', FIXTURE_NOW)).toBeNull()
      expect(await store.whoIs(ANNA.issuer, "' OR true --", FIXTURE_NOW)).toBeNull()
      expect(await store.whoIs(ANNA.issuer, 'with\0nul', FIXTURE_NOW)).toBeNull()
    })

    test('an assignment holds from its first microsecond until before its last', async () => {
      const store = await open()
      const { from } = HERS
      await store.putOperator(ANNA)
      await store.putAssignment({ ...HERS, to: from + 10n })
      expect(await assignmentsAt(store, from - 1n)).toEqual([])
      expect(await assignmentsAt(store, from)).toHaveLength(1)
      expect(await assignmentsAt(store, from + 9n)).toHaveLength(1)
      expect(await assignmentsAt(store, from + 10n)).toEqual([])
    })

    test('an assignment put again is corrected; another start or pseudonym is another assignment', async () => {
      const store = await open()
      await store.putOperator(ANNA)
      await store.putAssignment(HERS)
      await store.putAssignment({ ...HERS, unit: 'elsewhere' })
      const internal = { ...HERS, contract: null, pseudonym: asId<Assignment['pseudonym']>('GSE-1') }
      await store.putAssignment(internal)
      expect(await assignmentsAt(store, FIXTURE_NOW)).toEqual([{ ...HERS, unit: 'elsewhere' }, internal])
      await store.putAssignment({ ...HERS, to: HERS.from + 1n })
      expect(await assignmentsAt(store, FIXTURE_NOW)).toEqual([internal])
    })

    test('an identity belongs to one operator, and assignments to operators somebody put', async () => {
      const store = await open()
      await store.putOperator(ANNA)
      const thief: Operator = { ...ANNA, id: asId('aurora:other') }
      await expect(store.putOperator(thief)).rejects.toMatchObject({
        code: 'engagement-conflict',
        reason: 'identity-taken',
      })
      await expect(store.putAssignment({ ...HERS, operator: asId('nobody') })).rejects.toMatchObject({
        reason: 'unknown-operator',
      })
      expect((await store.whoIs(ANNA.issuer, ANNA.externalId, FIXTURE_NOW))?.operator).toEqual(ANNA)
    })

    test('an operator put again is corrected', async () => {
      const store = await open()
      await store.putOperator(ANNA)
      await store.putOperator({ ...ANNA, externalId: 'anna-2', kind: 'workload' })
      expect(await store.whoIs(ANNA.issuer, 'anna', FIXTURE_NOW)).toBeNull()
      expect((await store.whoIs(ANNA.issuer, 'anna-2', FIXTURE_NOW))?.operator.kind).toBe('workload')
    })

    test('keeps tickets and contract states, the last put', async () => {
      const store = await open()
      const ticket = ticketFact({ dataSubject: null, contract: null })
      await store.putTicket(ticket)
      expect(await store.ticket(ticket.id)).toEqual(ticket)
      const closed = ticketFact({ status: 'closed', closedAt: FIXTURE_NOW })
      await store.putTicket(closed)
      expect(await store.ticket(ticket.id)).toEqual(closed)
      await store.putContractState(contractFact())
      await store.putContractState(contractFact({ state: 'terminated', since: FIXTURE_NOW }))
      expect(await store.contractState(asId('aurora-2026'))).toEqual(
        contractFact({ state: 'terminated', since: FIXTURE_NOW }),
      )
    })

    test('writes many at once, all or nothing', async () => {
      const store = await open()
      const tickets = Array.from({ length: 3_000 }, (_, number) => ticketFact({ id: asId(`T-${number}`) }))
      const people = Array.from({ length: 300 }, (_, number) =>
        operatorFact({ id: asId(`p-${number}`), externalId: `sub-${number}` }),
      )
      const assignments = people.map(({ id }) => assignmentFact({ operator: id, pseudonym: asId(`X-${id}`) }))
      await store.putMany({ operators: people, assignments, tickets, contracts: [contractFact()] })
      expect(await store.ticket(asId('T-2999'))).toEqual(tickets[2_999])
      expect((await store.whoIs(ANNA.issuer, 'sub-299', FIXTURE_NOW))?.assignments).toEqual([
        assignments[299],
      ])
      const bad = {
        tickets: [ticketFact({ id: asId('T-new') })],
        assignments: [{ ...HERS, operator: asId<Operator['id']>('nobody') }],
      }
      await expect(store.putMany(bad)).rejects.toMatchObject({ reason: 'unknown-operator' })
      expect(await store.ticket(asId('T-new'))).toBeNull()
      await store.putMany({})
    })

    test('takes the last of a fact that a batch holds twice', async () => {
      const store = await open()
      await store.putMany({ tickets: [ticketFact(), ticketFact({ status: 'closed', closedAt: 7n })] })
      expect(await store.ticket(asId('T-1'))).toMatchObject({ status: 'closed', closedAt: 7n })
    })

    test('tells who watches what changed, until they stop', async () => {
      const store = await open()
      const heard: EngagementChange[] = []
      const watch = await store.watch((change) => heard.push(change))
      await store.putOperator(ANNA)
      await store.putTicket(ticketFact())
      await store.putMany({ tickets: [ticketFact(), ticketFact({ id: asId('T-2') })] })
      await store.putContractState(contractFact())
      await vi.waitFor(() => {
        expect(heard).toEqual([
          { kind: 'people' },
          { kind: 'ticket', id: 'T-1' },
          { kind: 'tickets' },
          { kind: 'contracts' },
        ])
      })
      await watch[Symbol.asyncDispose]()
      await store.putContractState(contractFact())
      expect(heard).toHaveLength(4)
    })
  })
}
