import { asId, UnavailableError } from '@varco/core'
import { ManualClock } from '@varco/core/testing'
import type { Budget, BudgetStore } from '@varco/engagement'
import { memoryBudgets, ticketFact } from '@varco/engagement/testing'
import { compileBundle, type Bundle, type FetchedRecord } from '@varco/policy'
import { fixtureDocument, memoryRecordSource } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'
import { DataSubjectBudgets } from '../src/data-subject-budgets.ts'
import type { CanaryTouch } from '../src/dependencies.ts'
import { GSE, gatehouse, tokenOf, type Gatehouse, type GatehouseOptions } from './gatehouse.ts'

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

function budget(holder: string, most: number): Budget {
  return { holder, from: 0n, to: HOUR, most }
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
    // Before it was looked for, so that the refusal tells of no record.
    expect(log.last).toMatchObject({
      ...{ decision: 'deny', reasons: ['data-subjects-spent'], plain: [], masked: [], disclosures: [] },
    })
    expect((await get(ONE)).status).toBe(200)
  })

  test('a contract’s people share its budget, whichever node they come through', async () => {
    const bundleInForce = budgeted({ contract: { data_subjects_per_day: 1 }, because })
    const budgets = memoryBudgets()
    const here = await withTickets({ bundleInForce, budgets })
    const there = await withTickets({ bundleInForce, budgets })
    expect((await here.get(ONE)).status).toBe(200)
    expect((await there.get(ONE)).status).toBe(200)
    expect((await there.get(OTHER, FOR_OTHER)).status).toBe(429)
    // Here it was known without looking.
    expect((await here.get(OTHER, FOR_OTHER)).status).toBe(429)
    expect([here.log.last.disclosures, there.log.last.disclosures]).toEqual([[], []])
  })

  test('a node that hears only then that it is spent tells of records once, and records them', async () => {
    const bundleInForce = budgeted({ operator: { data_subjects_per_hour: 1 }, because })
    const budgets = memoryBudgets()
    const here = await withTickets({ bundleInForce, budgets })
    const there = await withTickets({ bundleInForce, budgets })
    expect((await here.get(ONE)).status).toBe(200)
    const refused = await there.get(OTHER, FOR_OTHER)
    expect(there.log.last).toMatchObject({
      ...{ decision: 'deny', reasons: ['data-subjects-spent'], plain: [], masked: [] },
      disclosures: [{ resource: 'invoice', recordKey: '4', dataSubject: { id: 'P2' } }],
    })
    const absent = await there.get('/records/invoice?id=eq.999&select=id', FOR_OTHER)
    expect([refused.status, absent.status, there.log.last.disclosures]).toEqual([429, 429, []])
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

describe('with the budget of data subjects spent, guesses find nothing out', () => {
  const PRODUCER = { tax_code: 'RSSMRA80A01H501U', email: 'a@b.example', iban: null, region: 'Lazio' }
  const producers = (ids: readonly string[]): readonly FetchedRecord[] =>
    ids.map((id) => ({ ...PRODUCER, id, name: id, birth_date: '1963-05-17' }))
  const AS_DPO = async (): Promise<Readonly<Record<string, string | null>>> => ({
    ...{ authorization: `Bearer ${await tokenOf('dora', { iss: GSE })}`, 'varco-ticket': null },
    'varco-purpose': 'data-protection',
  })

  /** Own staff, whose rule bounds no records and whose search reaches everybody. */
  async function withOwnStaff(most: number): Promise<Gatehouse> {
    const document = fixtureDocument()
    const varco = { ...document.varco, budgets: { operator: { data_subjects_per_hour: most }, because } }
    return gatehouse({
      bundleInForce: compileBundle({ ...document, varco }),
      budgets: memoryBudgets(),
      source: memoryRecordSource({ producer: producers(['P1', 'P2', 'P7']) }),
    })
  }

  test('by a search: right and wrong are refused alike, before anything is looked for', async () => {
    const gate = await withOwnStaff(1)
    const who = await AS_DPO()
    const guess = async (born: string): Promise<unknown> => {
      const path = `/records/producer?id=eq.P7&birth_date=${born}&select=id`
      const response = await gate.get(path, who)
      return [response.status, response.headers.get('retry-after'), gate.log.last.disclosures]
    }
    expect((await gate.get('/records/producer?id=eq.P1&select=id', who)).status).toBe(200)
    const right = await guess('eq.1963-05-17')
    expect(right).toEqual([429, expect.any(String), []])
    expect(await guess('gt.1963-05-17')).toEqual(right)
  })

  test('by asking for more than is left: then nothing is left', async () => {
    const gate = await withOwnStaff(2)
    const who = await AS_DPO()
    const statusOf = async (filter: string): Promise<number> =>
      (await gate.get(`/records/producer?select=id&${filter}`, who)).status
    expect(await statusOf('birth_date=eq.1963-05-17')).toBe(429)
    expect(gate.log.last.disclosures).toHaveLength(3)
    expect([await statusOf('birth_date=eq.1963-05-18'), await statusOf('id=eq.P1')]).toEqual([429, 429])
  })

  test('within a ticket: who was counted may be asked about, of others there is no telling', async () => {
    const bundleInForce = budgeted({ operator: { data_subjects_per_hour: 1 }, because })
    const gate = await withTickets({ bundleInForce, budgets: memoryBudgets() })
    const answers = async (id: number, other?: Readonly<Record<string, string>>): Promise<number> =>
      (await gate.get(`/records/invoice?id=eq.${id}&select=id`, other)).status
    expect(await answers(1)).toBe(200)
    expect([await answers(4, FOR_OTHER), await answers(999, FOR_OTHER)]).toEqual([429, 429])
    expect([await answers(1), await answers(999)]).toEqual([200, 200])
    const headers = { 'content-type': 'application/json' }
    const evaluation = async (id: string): Promise<unknown> => {
      const body = JSON.stringify({
        subject: { type: 'operator', id: 'anna' },
        action: { name: 'read' },
        resource: { type: 'invoice', id },
        context: { ticket: 'T-2' },
      })
      return (await gate.send('/access/v1/evaluation', { method: 'POST', headers, body })).json()
    }
    expect(await evaluation('4')).toEqual(await evaluation('999'))
    expect(gate.log.last).toMatchObject({ reasons: ['data-subjects-spent'], disclosures: [] })
  })

  test('by records: what is refused for the data subjects’ budget counts against the rule’s bound', async () => {
    const document = fixtureDocument()
    const bundleInForce = budgeted({ operator: { data_subjects_per_hour: 1 }, because })
    expect(document.access.find(({ id }) => id === 'cc-invoice-enquiry')?.require).toMatchObject({
      max_records_per_hour: 60,
    })
    const store = memoryBudgets()
    let taken = 0
    const budgets: BudgetStore = {
      ...store,
      spend: async (asked) => asked,
      takeRecords: async (budget, records) => {
        taken += records.needed
        return store.takeRecords(budget, records)
      },
    }
    const { get } = await gatehouse({ bundleInForce, budgets })
    expect((await get(ONE)).status).toBe(429)
    expect(taken).toBe(1)
  })

  test('whoever overspends their own budget leaves their contract’s to the others', async () => {
    const clock = new ManualClock(0n)
    const node = new DataSubjectBudgets({ store: memoryBudgets(), secret: new Uint8Array(32), clock })
    const [anna, other, all] = [budget('anna', 1), budget('other', 1), budget('contract', 2)]
    const people = ['P1', 'P2', 'P3'].map((id) => ({ kind: 'producer', id }))
    expect(await node.spend([anna, all], people)).toEqual([anna, all])
    expect([node.spent([anna, all], null), node.spent([other, all], null)]).toEqual([[anna], []])
    expect(await node.spend([other, all], people.slice(0, 1))).toEqual([])
    expect(node.spent([other, all], people.slice(0, 1))).toEqual([])
    expect(node.spent([other, all], people.slice(0, 2))).toEqual([other])
    clock.advance(HOUR)
    expect(node.spent([anna, other, all], null)).toEqual([])
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
