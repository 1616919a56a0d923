import {
  compileBundle,
  decideRecord,
  matrixCsv,
  matrixHtml,
  matrixText,
  policyMatrix,
  type Action,
  type RuleDocument,
} from '@varco/policy'
import { arbitraryRecord, arbitraryWorld, fixtureBundle, fixtureDocument } from '@varco/policy/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const bundle = fixtureBundle()
const matrix = policyMatrix(bundle)

test('lists what each role sees for each purpose, and on which rows', () => {
  const iban = matrix.filter(
    ({ action, field, role }) => action === 'read' && field === 'iban' && role === 'contact-centre.operator',
  )
  expect(
    iban.map(({ contracts, outcomes, purpose, resource }) => ({ contracts, outcomes, purpose, resource })),
  ).toContainEqual({
    resource: 'invoice',
    purpose: 'invoice-enquiry',
    contracts: ['aurora-2026', 'borea-2023', 'internal'].toSorted(
      (a, b) => Number(b === 'internal') - Number(a === 'internal'),
    ),
    outcomes: [
      {
        shown: 'last4',
        rows: 'with an open ticket and producer_id = $ticket.data_subject and status in [issued, paid, disputed] and not (status = sealed)',
      },
    ],
  })
  expect(matrix.some(({ field, role }) => field === 'outcome' && role === 'contact-centre.operator')).toBe(
    false,
  )
})

test('whatever a decision shows stands in the matrix', () => {
  let shown = 0
  fc.assert(
    fc.property(
      arbitraryWorld(),
      fc.array(arbitraryRecord(), { minLength: 5, maxLength: 5 }),
      ({ bundle: world, request }, records) => {
        const entries = policyMatrix(world, [request.action])
        for (const record of records) {
          for (const [field, { mask, outcome }] of decideRecord(world, request, record) ?? []) {
            if (outcome === 'hidden') continue
            shown += 1
            const entry = entries.find(
              (each) =>
                each.field === field &&
                each.purpose === request.purpose &&
                each.contracts.includes(request.contract?.id ?? 'internal'),
            )
            expect(entry?.outcomes.map((each) => each.shown)).toContain(mask ?? 'plain')
          }
        }
      },
    ),
    { numRuns: 150 },
  )
  expect(shown).toBeGreaterThan(500)
}, 600_000)

test('tells what may be done beside reading: searched, counted, exported and changed', () => {
  const document = fixtureDocument()
  const only = (id: string, action: Action, fields: readonly string[]): RuleDocument => ({
    ...{ id, effect: 'permit', role: ['dpo'], actions: [action], resource: 'invoice' },
    ...{ purposes: ['invoice-enquiry'], contracts: ['internal'], because: 'una norma qualsiasi' },
    ...{ fields: { plain: [...fields], masked: {}, hidden: [] }, require: { ticket: 'none', grant: false } },
  })
  const quiet = compileBundle({
    ...document,
    access: [
      only('export', 'export', ['iban']),
      only('count', 'count', ['amount']),
      only('search', 'search', ['number']),
      only('update', 'update', ['status']),
    ],
  })
  const entries = policyMatrix(quiet)
  expect(entries.map(({ action, field }) => `${action} ${field ?? 'records'}`)).toEqual([
    'search number',
    'count records',
    'count amount',
    'export iban',
    'update status',
  ])
  expect(policyMatrix(quiet, ['read'])).toEqual([])
  expect(matrixText(entries)).toContain(
    'dpo / invoice-enquiry / invoice (internal) / export\n  plain    iban',
  )
  expect(matrixText(entries)).toContain('/ count\n  plain    (records), amount')
  const html = matrixHtml(quiet, entries, 'it')
  expect(html).toContain('<td>esportare</td><td>IBAN</td>')
  expect(html).toContain('<td>contare</td><td>(le schede stesse), Importo</td>')
  expect(matrixCsv(entries)).toContain('dpo,internal,invoice-enquiry,count,invoice,(records),plain,every row')
})

test('CSV quotes what must be, and neither it nor the page hands a formula to a spreadsheet', () => {
  const [entry] = matrix
  if (entry === undefined) throw new Error('the matrix is empty')
  for (const formula of ['=cmd()', ' =cmd()', '＝cmd()', '|cmd', '%cmd', '-1']) {
    const outcomes = [{ shown: 'plain', rows: 'status in ["a", "b"]' }] as const
    const entries = [{ ...entry, role: formula, outcomes }]
    const [role, rest] = [matrixCsv(entries).split('\r\n')[1]?.split(',')[0], matrixCsv(entries)]
    expect(role).toBe(`'${formula}`)
    expect(rest).toMatch(/,"status in \[""a"", ""b""\]"\r\n$/)
    expect(matrixHtml(bundle, entries, 'en')).toContain(`<td>'${formula}</td>`)
  }
})

test('the page is whole, in the reader’s language, and escapes what it is given', () => {
  const html = matrixHtml(bundle, matrix, 'it')
  expect(html).toMatch(/^<!doctype html>\n<html lang="it">/)
  expect(html).toContain('<td>Operatore di contact centre</td><td>Informazioni sulle fatture</td>')
  expect(html).toContain('ultime quattro cifre')
  expect(html).toContain('<td>personale interno')
  const [entry] = matrix
  if (entry === undefined) throw new Error('the matrix is empty')
  expect(
    matrixHtml(bundle, [{ ...entry, outcomes: [{ shown: 'plain', rows: 'a < 1 & b' }] }], 'en'),
  ).toContain('<td>a &lt; 1 &amp; b</td>')
  expect(matrixText(matrix)).toContain(
    'contact-centre.operator / invoice-enquiry / invoice (internal, aurora-2026, borea-2023) / read, search\n',
  )
})
