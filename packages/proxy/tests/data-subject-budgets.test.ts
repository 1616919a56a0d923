import { asId, UnavailableError } from '@varco/core'
import type { BudgetStore } from '@varco/engagement'
import { memoryBudgets, ticketFact } from '@varco/engagement/testing'
import { compileBundle, type Bundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import type { CanaryTouch } from '../src/dependencies.ts'
import { gatehouse, type Gatehouse, type GatehouseOptions } from './gatehouse.ts'

const HOUR = 3_600_000_000n
/** An invoice of the data subject P1, as the ticket T-1 is, and one of P2. */
const ONE = '/records/invoice?id=eq.1&select=id'
const OTHER = '/records/invoice?id=eq.4&select=id'
const FOR_OTHER = { 'varco-ticket': 'T-2' }
const because = 'no task needs more'

type Terms = NonNullable<
  ReturnType<typeof fixtureDocument>['processors'][number]['contracts'][number]['budgets']
>

/** The fixture's bundle with budgets in every contract, and the rules' own bounds out of the way. */
function budgeted(budgets: Terms): Bundle {
  const document = fixtureDocument()
  const processors = document.processors.map((processor) => ({
    ...processor,
    contracts: processor.contracts.map((contract) => ({ ...contract, budgets })),
  }))
  return compileBundle({ ...document, processors })
}

async function withTickets(options: GatehouseOptions): Promise<Gatehouse> {
  const house = await gatehouse(options)
  await house.engagement.putTicket(ticketFact({ id: asId('T-2'), dataSubject: 'P2' }))
  return house
}

describe('how many data subjects one may look up', () => {
  test('the same one again costs nothing, one more is refused until the hour ends', async () => {
    const bundleInForce = budgeted({ operator: { data_subjects_per_hour: 1 }, because })
    const { get, log, clock } = await withTickets({ bundleInForce, budgets: memoryBudgets() })
    expect([(await get(ONE)).status, (await get(ONE)).status]).toEqual([200, 200])
    const refused = await get(OTHER, FOR_OTHER)
    const until = (clock.now() / HOUR + 1n) * HOUR - clock.now()
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      429,
      String((until + 999_999n) / 1_000_000n),
    ])
    expect(await refused.json()).toMatchObject({ code: 'data-subjects-spent' })
    // That the budget does not suffice tells that there is one.
    expect(log.last).toMatchObject({
      ...{ decision: 'deny', reasons: ['data-subjects-spent'], plain: [], masked: [] },
      disclosures: [{ resource: 'invoice', recordKey: '4', dataSubject: { id: 'P2' } }],
    })
    expect((await get(ONE)).status).toBe(200)
  })

  test('a contract’s people share its budget, whichever node they come through', async () => {
    const bundleInForce = budgeted({ contract: { data_subjects_per_day: 1 }, because })
    const budgets = memoryBudgets()
    const here = await withTickets({ bundleInForce, budgets })
    const there = await withTickets({ bundleInForce, budgets })
    expect((await here.get(ONE)).status).toBe(200)
    expect((await there.get(OTHER, FOR_OTHER)).status).toBe(429)
    expect((await there.get(ONE)).status).toBe(200)
  })

  test('while it cannot be asked nothing is shown, and the refusal is recorded', async () => {
    const bundleInForce = budgeted({ operator: { data_subjects_per_hour: 100 }, because })
    const gone: BudgetStore = {
      ...memoryBudgets(),
      spend: async () => {
        throw new UnavailableError('budgets')
      },
    }
    for (const options of [{ bundleInForce, budgets: gone }, { bundleInForce }]) {
      const { get, log } = await gatehouse(options)
      const response = await get(ONE)
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'unavailable' }])
      expect(log.last).toMatchObject({ decision: 'deny', reasons: ['unavailable'], plain: [] })
    }
  })

  test('the store learns a pseudonym of the day, never who it is', async () => {
    const seen: string[] = []
    const store = memoryBudgets()
    const budgets: BudgetStore = {
      ...store,
      spend: (asked, dataSubjects) => {
        seen.push(...dataSubjects)
        return store.spend(asked, dataSubjects)
      },
    }
    const bundleInForce = budgeted({ operator: { data_subjects_per_day: 9 }, because })
    const { get } = await gatehouse({ bundleInForce, budgets })
    await get(ONE)
    await get(ONE)
    expect(seen).toEqual([expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)])
  })
})

describe('a record that no honest task touches', () => {
  test('is shown like any other, and told at once with a reason of its own', async () => {
    const document = fixtureDocument()
    const catalogue = document.catalogue.map((file) =>
      file.resource === 'invoice' ? { ...file, canaries: ['2'] } : file,
    )
    const touches: CanaryTouch[] = []
    const { get, log } = await gatehouse({
      bundleInForce: compileBundle({ ...document, catalogue }),
      canaryWatch: { touched: (touch) => touches.push(touch) },
    })
    await get(ONE)
    expect([log.last.reasons, touches]).toEqual([expect.not.arrayContaining(['canary-touched']), []])
    const response = await get('/records/invoice?id=eq.2&select=id')
    expect([response.status, await response.json()]).toEqual([200, [{ id: 2 }]])
    expect(log.last).toMatchObject({
      reasons: expect.arrayContaining(['permitted', 'canary-touched']) as unknown,
      detail: { canaries: 1 },
    })
    expect(touches).toEqual([
      {
        event: response.headers.get('varco-event'),
        resource: 'invoice',
        operator: log.last.operator,
        contract: log.last.contract,
      },
    ])
  })
})
