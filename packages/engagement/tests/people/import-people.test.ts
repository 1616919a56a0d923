import { asId, type Pseudonym, type RequestId } from '@varco/core'
import {
  importPeople,
  PEOPLE_COLUMNS,
  readTable,
  type Actor,
  type OperatorIdentity,
  type Table,
} from '@varco/engagement'
import { FIXTURE_NOW, fixtureEngagement, memoryEngagement, RecordedActs } from '@varco/engagement/testing'
import { compileBundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'

const MANAGER: Actor = {
  operator: asId('gse:m'),
  pseudonym: asId('GSE-M'),
  ...{ processor: null, contract: null, role: 'contract-manager', unit: 'contracts' },
}
const AURORA = 'https://login.aurora.example'
const BOREA = 'https://login.borea.example'

function table(...rows: readonly string[]): Table {
  const header = 'issuer;sub;contract;role;unit;pseudonym;from;to'
  const read = readTable(new TextEncoder().encode([header, ...rows].join('\n')), PEOPLE_COLUMNS)
  if (!read.ok) throw new Error(read.fault)
  return read.table
}

const hide = (issuer: string, externalId: string): string =>
  Array.from(`${issuer} ${externalId}`).reverse().join('')

function office() {
  const document = structuredClone(fixtureDocument())
  document.varco.roles['contract-manager'] = { title: { it: 'Direttore', en: 'Manager' } }
  document.varco.contract_management = { roles: ['contract-manager'], because: 'D.Lgs. 36/2023, art. 114' }
  const bundle = compileBundle(document)
  const engagement = memoryEngagement(fixtureEngagement())
  const acts = new RecordedActs()
  let drawn = 0
  const sealed = new Map<Pseudonym, OperatorIdentity>()
  const everyone = async () => ({
    operators: engagement
      .everyOperator()
      .map((each) => ({ ...each, externalId: hide(each.issuer, each.externalId) })),
    assignments: engagement.everyAssignment(),
  })
  const bring = async (rows: Table, actor = MANAGER) => {
    const desk = {
      directory: { everyone },
      writer: engagement,
      log: acts,
      newPseudonym: () => asId<Pseudonym>(`NEW-${++drawn}`),
      hide,
      seal: async (pseudonym: Pseudonym, identity: OperatorIdentity) => {
        sealed.set(pseudonym, identity)
      },
    }
    return importPeople(desk, { bundle, now: FIXTURE_NOW, requestId: asId<RequestId>('r') }, actor, rows)
  }
  return { acts, bring, engagement, bundle, sealed }
}

const CLARA = `${AURORA};clara;aurora-2026;contact-centre.operator;contact-centre;;2026-02-01;`

async function codesOf(outcome: ReturnType<ReturnType<typeof office>['bring']>) {
  const report = await outcome
  return 'imported' in report ? report.rows.map(({ code, outcome: what }) => code ?? what) : report.code
}

test('a person comes with an assignment and a pseudonym of their own for each contract', async () => {
  const { bring, engagement, acts, sealed } = office()
  expect(await codesOf(bring(table(CLARA)))).toEqual(['new'])
  expect([...sealed]).toEqual([['NEW-1', { issuer: AURORA, externalId: 'clara' }]])
  const clara = await engagement.whoIs(AURORA, 'clara', FIXTURE_NOW)
  expect(clara?.assignments).toMatchObject([{ contract: 'aurora-2026', pseudonym: 'NEW-1' }])
  expect(acts.acts).toMatchObject([{ kind: 'people-imported', detail: { people: 1, assignments: 1 } }])
  expect(JSON.stringify(acts.acts)).not.toContain('clara')
  expect(clara?.operator.id).not.toContain('clara')
})

test('the same table again changes nothing and is no event', async () => {
  const { bring, acts } = office()
  await bring(table(CLARA))
  expect(await codesOf(bring(table(CLARA)))).toEqual(['unchanged'])
  expect(acts.kinds).toEqual(['people-imported'])
})

test('who goes on under a later time of the same contract keeps the pseudonym, and one who leaves is corrected', async () => {
  const { bring, engagement } = office()
  await bring(table(CLARA))
  const left = CLARA.replace('2026-02-01;', '2026-02-01;2026-03-31')
  const back = CLARA.replace('2026-02-01', '2026-05-01').replace('contact-centre;;', 'dpo-office;;')
  expect(await codesOf(bring(table(left, back)))).toEqual(['changed', 'new'])
  const clara = await engagement.whoIs(AURORA, 'clara', FIXTURE_NOW)
  expect(clara?.assignments).toMatchObject([{ unit: 'dpo-office', pseudonym: 'NEW-1' }])
})

test.each([
  ['an end before the beginning', CLARA.replace(/$/, '2026-01-31'), 'ends-before-it-begins'],
  ['a time outside the contract', CLARA.replace('2026-02-01', '2025-02-01'), 'outside-contract'],
  ['an end after the contract’s', CLARA.replace(/$/, '2039-01-31'), 'outside-contract'],
  ['an issuer of another company', CLARA.replace(AURORA, BOREA), 'other-issuer'],
  ['an issuer nobody knows', CLARA.replace(AURORA, 'https://evil.example'), 'unknown-issuer'],
  ['a contractor as the body’s own staff', CLARA.replace('aurora-2026', ''), 'other-issuer'],
  ['a contract nobody declared', CLARA.replace('aurora-2026', 'aurora-2027'), 'unknown-contract'],
  ['a role nobody declared', CLARA.replace('contact-centre.operator', 'king'), 'unknown-role'],
  ['a unit nobody declared', CLARA.replace('contact-centre;;', 'moon;;'), 'unknown-unit'],
  ['a day that does not exist', CLARA.replace('2026-02-01', '2026-02-30'), 'bad-value'],
  [
    'somebody else’s pseudonym',
    CLARA.replace('contact-centre;;', 'contact-centre;AUR-7F3A;'),
    'pseudonym-taken',
  ],
  ['another assignment on the same days', CLARA.replace(';clara;', ';anna;'), 'overlaps'],
])('%s is refused with its line, and nothing of the table is imported', async (_, row, code) => {
  const { bring, engagement, acts } = office()
  const people = engagement.everyOperator().length
  const dario = CLARA.replace(';clara;', ';dario;')
  const report = await bring(table(dario, row))
  expect(report).toMatchObject({
    imported: false,
    rows: [{ line: 2 }, { line: 3, outcome: 'refused', code }],
  })
  expect(engagement.everyOperator()).toHaveLength(people)
  expect(acts.kinds).toEqual([])
})

test('two rows of one table that overlap are told apart from each other too', async () => {
  const { bring } = office()
  expect(await codesOf(bring(table(CLARA, CLARA.replace('2026-02-01', '2026-03-01'))))).toEqual([
    'new',
    'overlaps',
  ])
})

test('a contractor imports nobody', async () => {
  const { bring } = office()
  expect(await codesOf(bring(table(CLARA), { ...MANAGER, contract: asId('aurora-2026') }))).toBe(
    'not-manager',
  )
})
