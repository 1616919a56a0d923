import {
  casesText,
  compileBundle,
  findIdleRules,
  runCases,
  type BundleDocument,
  type CaseDocument,
  type RuleDocument,
} from '@varco/policy'
import { fixtureBundle, fixtureDocument } from '@varco/policy/testing'
import { describe, expect, test } from 'vitest'

const golden = fixtureDocument().cases[0] as CaseDocument

function run(...changes: readonly Partial<CaseDocument>[]) {
  return runCases(
    compileBundle({
      ...fixtureDocument(),
      cases: changes.map((change, index) => ({ ...golden, id: `case-${index}`, ...change })),
    }),
  )
}

test('the fixture’s case agrees', () => {
  expect(runCases(fixtureBundle())).toMatchObject({
    failed: 0,
    results: [{ id: 'operator-reads-invoice', disagreements: [], rules: ['cc-invoice-enquiry'] }],
  })
})

const expecting = (expect: Partial<CaseDocument['expect']>): Partial<CaseDocument> => ({
  expect: { ...golden.expect, ...expect },
})

test.each<[string, Partial<CaseDocument>, unknown]>([
  [
    'a field more in plain than said',
    expecting({ plain: ['id', 'producer_id', 'number', 'period', 'amount'] }),
    {
      about: 'plain',
      expected: ['amount', 'id', 'number', 'period', 'producer_id'],
      actual: ['amount', 'id', 'number', 'period', 'producer_id', 'status'],
    },
  ],
  [
    'a field said to be hidden that is not',
    expecting({ hidden: ['iban'] }),
    { about: 'hidden', expected: ['iban'] },
  ],
  [
    'another decision',
    expecting({ decision: 'deny' }),
    { about: 'decision', expected: ['deny'], actual: ['permit', 'permitted'] },
  ],
  [
    'another data subject’s record',
    { record: { producer_id: 'P2', status: 'issued' } },
    { about: 'decision', expected: ['permit'], actual: ['deny', 'other-data-subject'] },
  ],
  [
    'a forbidden record',
    { record: { producer_id: 'P1', status: 'sealed' } },
    { about: 'decision', expected: ['permit'], actual: ['deny', 'forbidden'] },
  ],
  [
    'a record on which a forbid cannot be evaluated',
    { record: { producer_id: 'P1' } },
    { about: 'decision', expected: ['permit'], actual: ['deny', 'forbid-not-evaluable'] },
  ],
  [
    'another reason',
    { ticket: 'unknown', expect: { decision: 'deny', reasons: ['no-ticket'] } },
    { about: 'reasons', expected: ['no-ticket'], actual: ['unknown-ticket'] },
  ],
  [
    'a contract no longer alive',
    { as: { ...golden.as, state: 'terminated' } },
    { about: 'decision', expected: ['permit'], actual: ['deny', 'contract-ended'] },
  ],
])('says where case and bundle disagree: %s', (_, change, expected) => {
  expect(run(change).results[0]?.disagreements).toEqual([expect.objectContaining(expected)])
})

test('without a record, each field’s best outcome counts', () => {
  const { record: _, ...general } = golden
  const report = runCases(compileBundle({ ...fixtureDocument(), cases: [general] }))
  expect(report.failed).toBe(0)
})

test('a grant in a case reaches the rules that require one', () => {
  const officer: Partial<CaseDocument> = {
    as: { contract: 'internal', role: 'antimafia.officer', unit: 'antimafia-unit', attributes: {} },
    purpose: 'antimafia-assessment',
    resource: 'antimafia_check',
    record: { id: 5, outcome: 'none' },
    expect: { decision: 'permit', hidden: [] },
  }
  const expires_at = '2026-06-15T11:00:00+02:00'
  expect(run({ ...officer, grant: { record: '5', expires_at } }).failed).toBe(0)
  expect(
    run({ ...officer, grant: { record: '6', expires_at } }).results[0]?.disagreements[0]?.actual,
  ).toEqual(['deny', 'condition-not-met'])
  expect(run(officer).results[0]?.disagreements[0]?.actual).toEqual(['deny', 'no-grant'])
})

test('tells which rules and clauses no case tests', () => {
  const report = runCases(fixtureBundle())
  expect(report.rulesNotCovered).toContain('dpo-invoice')
  expect(report.rulesNotCovered).not.toContain('cc-invoice-enquiry')
  expect(report.clauses.find(({ clause }) => clause === 'producer_id = $ticket.data_subject')).toMatchObject({
    seenTrue: true,
    seenFalse: false,
  })
  const both = run({}, { record: { producer_id: 'P2', status: 'issued' }, expect: { decision: 'deny' } })
  expect(both.clauses.find(({ clause }) => clause === 'producer_id = $ticket.data_subject')).toMatchObject({
    seenTrue: true,
    seenFalse: true,
  })
})

test('the report for a person reads as a diff', () => {
  const text = casesText(
    run(expecting({ plain: ['number', 'nubmer'].slice(0, 1), masked: ['iban', 'tax_code', 'issued_on'] })),
    [],
  )
  expect(text).toContain('✗ case-0: L’operatore vede la fattura')
  expect(text).toContain('    + plain: amount')
  expect(text).toContain('    - masked: issued_on')
  expect(text).toMatch(/\n0 of 1 cases agree; 1 of 10 rules and \d of \d clauses covered$/)
})

describe('rules that do nothing are found', () => {
  const enquiry = fixtureDocument().access[0] as RuleDocument

  function findings(change: (rules: readonly RuleDocument[]) => readonly RuleDocument[]) {
    const document: BundleDocument = fixtureDocument()
    return findIdleRules(compileBundle({ ...document, access: [...change(document.access)] })).map(
      ({ finding, rule }) => `${rule}: ${finding}`,
    )
  }

  test('none in the fixture but a precaution', () => {
    expect(findings((rules) => rules)).toEqual(['judicial-data-internal-only: precaution'])
  })

  test.each<[string, Partial<RuleDocument>, string]>([
    ['a condition that contradicts itself', { where: { amount: { gt: 10, lt: 10 } } }, 'added: never-fires'],
    [
      'a contradiction between two fields',
      { where: { and: [{ number: { lt: '$record.period' } }, { period: { lt: '$record.number' } }] } },
      'added: never-fires',
    ],
    ['a purpose outside every annex', { purposes: ['data-protection'] }, 'added: never-fires'],
    [
      'a part of what another rule shows',
      { where: { ...enquiry.where, amount: { gt: 100 } } },
      'added: dead',
    ],
    [
      'a condition that keeps nobody out',
      {
        where: { or: [{ iban: { exists: true } }, { iban: { exists: false } }] },
        require: { ticket: 'none', grant: false },
      },
      'added: always-fires',
    ],
  ])('%s', (_, change, expected) => {
    expect(
      findings((rules) => [...rules, { ...enquiry, id: 'added', contracts: ['aurora-2026'], ...change }]),
    ).toContain(expected)
  })

  test('a rule between two integers next to each other never fires, between two decimals it may', () => {
    const rule = (where: RuleDocument['where']): RuleDocument => ({ ...enquiry, id: 'added', where })
    expect(findings((rules) => [...rules, rule({ id: { gt: 3, lt: 4 } })])).toContain('added: never-fires')
    expect(
      findings((rules) => [...rules, rule({ amount: { gt: 3, lt: 4 }, status: { eq: 'draft' } })]),
    ).not.toContain('added: never-fires')
  })
})

test('a clause that no case reached counts as seen neither true nor false', () => {
  const { clauses } = run({})
  const unreached = clauses.filter(({ seenTrue, seenFalse }) => !seenTrue && !seenFalse)
  expect(unreached.length).toBeGreaterThan(0)
  expect(new Set(clauses.map(({ rule }) => rule)).size).toBe(
    fixtureDocument().access.filter(({ where }) => where !== undefined).length,
  )
})
