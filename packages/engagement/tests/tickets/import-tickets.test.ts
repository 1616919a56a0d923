import { asId, UnavailableError, type RequestId, type TicketId } from '@varco/core'
import { importTickets, readTable, TICKET_COLUMNS, type Actor, type Table } from '@varco/engagement'
import {
  FIXTURE_NOW,
  memoryEngagement,
  memoryTickets,
  RecordedActs,
  ticketFact,
} from '@varco/engagement/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const MANAGER: Actor = {
  operator: asId('gse:m'),
  pseudonym: asId('GSE-M'),
  ...{ processor: null, contract: null, role: 'contract-manager', unit: 'contracts' },
}
const HEADER = 'id;at;status;data_subject;purpose;category;price'
const GOOD = 'CRM-1;2026-06-10T09:00:00+02:00;aperta;P1;invoice-enquiry;perché;4,5'
const OTHER = GOOD.replace('CRM-1', 'CRM-2')

function table(rows: readonly string[], encoding: BufferEncoding = 'utf8'): Table {
  const read = readTable(Buffer.from([HEADER, ...rows].join('\r\n'), encoding), TICKET_COLUMNS)
  if (!read.ok) throw new Error(read.fault)
  return read.table
}

function desk() {
  const document = structuredClone(fixtureDocument())
  document.varco.roles['contract-manager'] = { title: { it: 'Direttore', en: 'Manager' } }
  document.varco.contract_management = { roles: ['contract-manager'], because: 'D.Lgs. 36/2023, art. 114' }
  const occasion = { bundle: compileBundle(document), now: FIXTURE_NOW, requestId: asId<RequestId>('r') }
  const engagement = memoryEngagement({
    tickets: [ticketFact({ id: asId('CRM-9'), contract: asId('borea-2023') })],
  })
  const [store, acts] = [memoryTickets(engagement), new RecordedActs()]
  const asked: string[] = []
  const unknownDataSubjects = async (keys: readonly string[]) => {
    asked.push(...keys)
    return new Set(keys.filter((key) => key === 'NOBODY'))
  }
  const bring = (rows: Table, actor = MANAGER) =>
    importTickets({ store, log: acts, unknownDataSubjects }, occasion, actor, asId('aurora-2026'), rows)
  return { acts, asked, bring, engagement, store }
}

async function codesOf(outcome: ReturnType<ReturnType<typeof desk>['bring']>) {
  const report = await outcome
  return 'imported' in report ? report.rows.map(({ code, outcome: what }) => code ?? what) : report.code
}

test('a table in Latin-1 with semicolons is taken, in the log first, and again without harm or event', async () => {
  const { acts, bring, store } = desk()
  const rows = table([GOOD, OTHER.replace('P1', 'NOBODY')], 'latin1')
  expect(await bring(rows)).toMatchObject({
    imported: true,
    rows: [
      { line: 2, outcome: 'new', code: null },
      { line: 3, outcome: 'new', code: 'unknown-data-subject' },
    ],
  })
  expect(await store.ticketHistory(asId<TicketId>('CRM-1'))).toMatchObject([
    { category: 'perché', price: '4.50', dataSubject: 'P1', source: 'import', by: 'GSE-M' },
  ])
  expect(acts.acts).toMatchObject([{ kind: 'tickets-imported', detail: { rows: 2 } }])
  expect(await codesOf(bring(rows))).toEqual(['unchanged', 'unknown-data-subject'])
  expect(acts.kinds).toEqual(['tickets-imported'])
})

test.each([
  ['a day that does not exist', OTHER.replace('2026-06-10T09:00', '2026-06-31T09:00'), 'bad-value'],
  ['a state that is none', OTHER.replace('aperta', 'boh'), 'bad-value'],
  ['a moment still to come', OTHER.replace('2026-06-10', '2027-06-10'), 'from-the-future'],
  ['no number', OTHER.replace('CRM-2', ''), 'bad-ticket-id'],
  ['no purpose', OTHER.replace('invoice-enquiry', ''), 'unknown-purpose'],
  ['a purpose nobody declared', OTHER.replace('invoice-enquiry', 'curiosity'), 'unknown-purpose'],
  ['a price that is none', OTHER.replace('4,5', '4,5 €'), 'bad-price'],
  ['another contract’s number', OTHER.replace('CRM-2', 'CRM-9'), 'ticket-taken'],
  ['a number twice, for two data subjects', GOOD.replace('P1', 'P2'), 'data-subject-fixed'],
  ['a number twice, for two purposes', GOOD.replace('invoice-enquiry', 'antimafia-status'), 'purpose-fixed'],
])(
  '%s is refused with its line; nothing of the table is imported, nor said in the log to be',
  async (_, row, code) => {
    const { acts, bring, engagement } = desk()
    const before = engagement.everyTicket()
    expect(await bring(table([GOOD, row]))).toMatchObject({
      imported: false,
      rows: [{ line: 2 }, { line: 3, outcome: 'refused', code }],
    })
    expect(engagement.everyTicket()).toEqual(before)
    expect(acts.kinds).toEqual([])
  },
)

test('every row that is refused is told at once, whatever is wrong with it', async () => {
  const { bring } = desk()
  const rows = [OTHER.replace('aperta', 'boh'), GOOD, OTHER.replace('invoice-enquiry', 'curiosity'), GOOD]
  expect(await codesOf(bring(table(rows)))).toEqual(['bad-value', 'new', 'unknown-purpose', 'unchanged'])
})

test('what a table has no column for, or leaves empty, stays as it is known', async () => {
  const { bring, engagement, store } = desk()
  await bring(table([GOOD, GOOD.replace('aperta', 'chiusa').replace('T09', 'T10')]))
  const bare = readTable(
    Buffer.from('id,at,purpose\nCRM-1,2026-06-10T11:00:00+02:00,invoice-enquiry'),
    TICKET_COLUMNS,
  )
  if (!bare.ok) throw new Error(bare.fault)
  const known = { status: 'closed', category: 'perché', price: '4.50', dataSubject: 'P1' }
  for (const told of [bare.table, table(['CRM-1;2026-06-10T12:00:00+02:00;;;invoice-enquiry;;'])]) {
    await bring(told)
    expect((await store.ticketHistory(asId<TicketId>('CRM-1'))).at(-1)).toMatchObject(known)
    expect(await codesOf(bring(told))).toEqual(['unchanged'])
  }
  expect(engagement.everyTicket()).toContainEqual(expect.objectContaining({ id: 'CRM-1', status: 'closed' }))
})

test('a table in which something becomes known from row to row is taken again without harm or event', async () => {
  const { acts, bring } = desk()
  const unknownYet = GOOD.replace('P1', '').replace('perché;4,5', ';')
  const rows = table([unknownYet, GOOD.replace('T09', 'T10'), unknownYet.replace('aperta', 'constructor')])
  expect(await codesOf(bring(rows))).toEqual(['new', 'changed', 'bad-value'])
  const good = { ...rows, rows: rows.rows.slice(0, 2) }
  await bring(good)
  expect(await codesOf(bring(good))).toEqual(['unchanged', 'unchanged'])
  expect(acts.kinds).toEqual(['tickets-imported'])
})

test('a text that no database keeps is refused before anybody is asked whose it is', async () => {
  const { bring, asked } = desk()
  expect(await codesOf(bring(table([GOOD.replace('P1', 'P\0'), OTHER])))).toEqual(['bad-value', 'new'])
  expect(asked).toEqual(['P1'])
})

test('while the log is away nothing is taken', async () => {
  const { acts, bring, engagement } = desk()
  acts.failing = true
  const before = engagement.everyTicket()
  await expect(bring(table([GOOD]))).rejects.toThrow(UnavailableError)
  expect(engagement.everyTicket()).toEqual(before)
})

test('a contractor imports no tickets', async () => {
  const { bring } = desk()
  expect(await codesOf(bring(table([GOOD]), { ...MANAGER, contract: asId('aurora-2026') }))).toBe(
    'not-manager',
  )
})
