import {
  bundleDocumentSchema,
  compileBundle,
  diffBundles,
  diffText,
  oversightFileSchema,
  type BundleDocument,
  type CaseDocument,
  type RuleDocument,
} from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** What a crooked administrator changes where no decision shows it; each must be told to the second person. */

const because = 'una norma qualsiasi'
const document = bundleDocumentSchema.parse({
  ...fixtureDocument(),
  oversight: oversightFileSchema.parse({ ticket_prices: { 'aurora-2026': 4.5 } }),
})

function told(before: BundleDocument, after: BundleDocument): readonly string[] {
  const { structural } = diffBundles(compileBundle(before), compileBundle(after))
  return structural.map(
    ({ about, name, from, to, widens }) => `${widens ? '+' : '-'} ${about} ${name}: ${from} -> ${to}`,
  )
}

type Path = readonly (string | number)[]

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, part]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    return [here, ...(typeof part === 'object' ? placesIn(part, here) : [])]
  })
}

/** The document with one of its values another, or gone; `null` when there is no such bundle. */
function with1(path: Path, change: 'gone' | 'other'): BundleDocument | null {
  const copy = structuredClone(document) as unknown as Record<string | number, unknown>
  let parent = copy
  for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent
  const last = path.at(-1) ?? ''
  const value = parent[last]
  if (change === 'gone' && Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (change === 'gone') delete parent[last]
  else if (typeof value === 'string')
    parent[last] = /^P\d/.test(value) ? 'P7Y' : /^\d{4}-/.test(value) ? `2024${value.slice(4)}` : `${value}x`
  else if (typeof value === 'number') parent[last] = value + 1
  else if (typeof value === 'boolean') parent[last] = !value
  const parsed = bundleDocumentSchema.safeParse(copy)
  return parsed.success ? parsed.data : null
}

const RUNS = Math.max(120, Number(process.env['VARCO_PROPERTY_RUNS'] ?? 0) / 20)

test('no change of a bundle, of whatever value in it, goes untold', () => {
  const before = compileBundle(document)
  // Most places are words of the catalogue: each part of a bundle has the same chance.
  const places = [...Map.groupBy(placesIn(document), ([part, name]) => (part === 'varco' ? name : part))].map(
    ([, paths]) => fc.constantFrom(...paths),
  )
  let changed = 0
  fc.assert(
    fc.property(fc.oneof(...places), fc.constantFrom('gone' as const, 'other' as const), (path, change) => {
      const next = with1(path, change)
      if (next === null) return
      let after
      try {
        after = compileBundle(next)
      } catch {
        return
      }
      if (after.version === before.version) return
      changed += 1
      const diff = diffBundles(before, after)
      const said = [...diff.changes, ...diff.structural, ...diff.rules]
      expect(said.length > 0 ? 'told' : `${change}: ${path.join('.')}`).toBe('told')
      expect(diffText(diff)).toContain(' -> ')
    }),
    { numRuns: RUNS },
  )
  expect(changed).toBeGreaterThan(RUNS / 10)
}, 60_000)

describe('retention', () => {
  const [rule] = document.retention
  if (rule === undefined) throw new Error('the fixture lacks its retention rule')
  type Rule = BundleDocument['retention'][number]
  const floor = (after: string) => ({ trigger: rule.trigger, after, because })
  const retained = (change: Partial<Rule>, others: readonly Rule[] = []): BundleDocument => ({
    ...document,
    retention: [{ ...rule, after: 'P10Y', ...change }, ...others],
  })
  test.each<[string, Partial<Rule>, Partial<Rule>, string]>([
    ['a longer term', {}, { after: 'P11Y' }, '+ after: "P10Y" -> "P11Y"'],
    ['a shorter term', {}, { after: 'P9Y' }, '- after: "P10Y" -> "P9Y"'],
    [
      'a term in other units, which may be longer',
      { after: 'P1M' },
      { after: 'P30D' },
      '+ after: "P1M" -> "P30D"',
    ],
    ['a norm’s floor that is gone', { keep_at_least: [floor('P5Y')] }, {}, '+ keep_at_least: '],
    [
      'a floor cut by seven weeks, which months of thirty days would make longer',
      { keep_at_least: [floor('P60M')] },
      { keep_at_least: [floor('P1801D')] },
      '+ keep_at_least: ',
    ],
    ['a floor more', {}, { keep_at_least: [floor('P5Y')] }, '- keep_at_least: none -> '],
    [
      'an event more to wait for',
      {},
      { trigger: { ...rule.trigger, event: { id: 'closed', title: { it: 'chiusura', en: 'closing' } } } },
      '+ trigger: ',
    ],
    [
      'the end of a contract to wait for',
      {},
      { trigger: { ...rule.trigger, contract_end: 'number' } },
      '+ trigger: ',
    ],
    [
      'a floor that waits for a contract’s end no more',
      { keep_at_least: [{ ...floor('P5Y'), trigger: { ...rule.trigger, contract_end: 'number' } }] },
      { keep_at_least: [floor('P5Y')] },
      '+ keep_at_least: ',
    ],
    [
      'a floor that waits for an event besides',
      { keep_at_least: [floor('P5Y')] },
      {
        keep_at_least: [
          {
            ...floor('P5Y'),
            trigger: { ...rule.trigger, event: { id: 'closed', title: { it: 'chiusura', en: 'closing' } } },
          },
        ],
      },
      '- keep_at_least: ',
    ],
    ['a milder end', { action: 'erase' }, { action: 'restrict' }, '+ action: "erase" -> "restrict"'],
    ['nobody who must agree', {}, { approval: 'none' }, '+ approval: none -> "none"'],
    ['more who must agree', { approval: 'owner' }, {}, '- approval: "owner" -> none'],
    ['a term rounded up', {}, { align: 'year-end' }, '+ align: none -> "year-end"'],
    ['another reason', {}, { because: `${because} e un’altra` }, '- because: '],
  ])('%s', (_, was, is, expected) => {
    const sign = expected.slice(0, 2)
    expect(told(retained(was), retained(is))).toEqual([
      expect.stringContaining(`${sign}retention ${rule.id}, ${expected.slice(2)}`),
    ])
  })

  test('a rule that is gone, new, or only has another name', () => {
    const none = { ...document, retention: [] }
    const said = `erase ${rule.resource} P10Y from ${rule.trigger.field}`
    const one = retained({ action: 'erase' })
    expect(told(one, none)).toEqual([`+ retention ${rule.id}: ${said} -> none`])
    expect(told(none, one)).toEqual([`- retention ${rule.id}: none -> ${said}`])
    expect(told(one, retained({ action: 'erase', id: 'other' }))).toEqual([
      `- retention ${rule.id}: ${said} -> another name`,
      `- retention other: another name -> ${said}`,
    ])
  })
})

describe('golden cases', () => {
  const [golden] = document.cases
  if (golden === undefined) throw new Error('the fixture lacks its case')
  type Expect = CaseDocument['expect']
  const expecting = (expect: Expect, change: Partial<CaseDocument> = {}): BundleDocument => ({
    ...document,
    cases: [{ ...golden, ...change, expect }],
  })
  const full: Expect = { decision: 'permit', plain: ['id'], masked: ['iban'], hidden: ['tax_code'] }
  const widens = (was: Expect, is: Expect): boolean =>
    diffBundles(compileBundle(expecting(was)), compileBundle(expecting(is))).widens
  test.each<[string, Expect, Expect, boolean]>([
    ['a deny that is to be a permit', { decision: 'deny' }, full, true],
    ['a permit that is to be a deny', full, { decision: 'deny' }, false],
    ['a field more in plain', full, { ...full, plain: ['id', 'amount'] }, true],
    ['a masked field in plain', full, { ...full, plain: ['id', 'iban'], masked: [] }, true],
    ['a plain field masked', full, { ...full, plain: [], masked: ['id', 'iban'] }, false],
    ['a list that is gone and so says nothing', full, { decision: 'permit', hidden: ['tax_code'] }, true],
    ['a field that need not be hidden any more', full, { ...full, hidden: [] }, true],
    ['a field more that must be hidden', full, { ...full, hidden: ['tax_code', 'period'] }, false],
    [
      'a reason that is not asked for any more',
      { decision: 'deny', reasons: ['no-ticket'] },
      { decision: 'deny' },
      true,
    ],
  ])('%s', (_, was, is, expected) => {
    expect(told(expecting(was), expecting(is))).toEqual([
      expect.stringContaining(`case ${golden.id}, expect: `),
    ])
    expect(widens(was, is)).toBe(expected)
  })

  test('one that is gone, asks something else, or is called otherwise', () => {
    const was = expecting(full)
    // Two may ask the same under two names, and one of them be gone.
    const twice = { ...was, cases: [...was.cases, { ...golden, id: 'again', expect: full }] }
    expect(told(twice, twice)).toEqual([])
    expect(told(twice, was)).toEqual(['+ case again: permit -> none'])
    expect(told(was, twice)).toEqual(['- case again: none -> permit'])
    expect(told(was, { ...was, cases: [] })).toEqual([`+ case ${golden.id}: permit -> none`])
    expect(told(was, expecting(full, { record: { ...golden.record, status: 'other' } }))).toEqual([
      `+ case ${golden.id}: permit -> none`,
      `- case ${golden.id}: none -> permit`,
    ])
    expect(told(was, expecting(full, { id: 'renamed' }))).toEqual([
      `- case ${golden.id}, id: "${golden.id}" -> "renamed"`,
    ])
  })
})

describe('a notice to those who look', () => {
  const notice = { it: 'Ogni accesso è registrato.', en: 'Every access is recorded.' }
  const [first] = document.access
  if (first === undefined) throw new Error('the fixture lacks its rules')
  const rules = (change: Partial<RuleDocument>, require: object): BundleDocument => ({
    ...document,
    access: document.access.map((rule) =>
      rule === first ? { ...rule, ...change, require: { ...rule.require, ...require } } : rule,
    ),
  })
  const text = '{"en":"Every access is recorded.","it":"Ogni accesso è registrato."}'
  test('dropped, or shed under another name', () => {
    expect(told(rules({}, { notice }), document)).toEqual([`+ notice ${first.id}: ${text} -> none`])
    expect(told(rules({}, { notice }), rules({ id: 'renamed' }, {}))).toEqual([
      `+ notice ${first.id}: ${text} -> none`,
    ])
    expect(told(rules({}, { notice }), rules({ id: 'renamed' }, { notice }))).toEqual([])
    expect(told(document, rules({}, { notice }))).toEqual([`- notice ${first.id}: none -> ${text}`])
  })
})

describe('the rest of the bundle', () => {
  const varco = (change: Partial<BundleDocument['varco']>): BundleDocument => ({
    ...document,
    varco: { ...document.varco, ...change },
  })
  const kinds = document.varco.data_subjects
  const producer = kinds['producer']
  const [aurora, ...others] = document.processors
  if (producer === undefined || aurora === undefined) throw new Error('the fixture lacks its parts')
  const company = (change: Partial<typeof aurora>): BundleDocument => ({
    ...document,
    processors: [{ ...aurora, ...change }, ...others],
  })
  const sub = {
    name: 'Nembo S.r.l.',
    country: 'IT',
    service: { it: 'Stampa', en: 'Print' },
    from: '2026-01-01',
  }
  const purpose = document.purposes['invoice-enquiry']
  if (purpose === undefined) throw new Error('the fixture lacks its purpose')
  const processing = (categories: string[]): BundleDocument => ({
    ...document,
    purposes: { ...document.purposes, 'invoice-enquiry': { ...purpose, categories } },
  })
  test.each<[string, BundleDocument, string]>([
    [
      'a data subject who is no longer found by what they would give',
      varco({ data_subjects: { ...kinds, producer: { ...producer, find_by: ['id'] } } }),
      '+ data-subject data_subjects.producer.find_by: ',
    ],
    [
      'another company behind the company',
      company({ sub_processors: [sub] }),
      '+ processor processors.aurora.sub_processors: ',
    ],
    [
      'a company in another country',
      company({ country: 'US' }),
      '+ processor processors.aurora.country: "IT" -> "US"',
    ],
    [
      'a purpose that processes more',
      processing([...purpose.categories, 'judicial']),
      '+ purpose purposes.invoice-enquiry.categories: ',
    ],
    [
      'a relation that leads elsewhere',
      {
        ...document,
        catalogue: document.catalogue.map((file) => ({
          ...file,
          relations: Object.fromEntries(
            Object.entries(file.relations).map(([name, relation]) => [
              name,
              { ...relation, field: file.key },
            ]),
          ),
        })),
      },
      '+ relation catalogue.antimafia_check.relations.producer.field: "producer_id" -> "id"',
    ],
    [
      'a ticket that costs something else',
      { ...document, oversight: oversightFileSchema.parse({}) },
      '+ alert ticket prices: {"aurora-2026":4.5} -> {}',
    ],
    [
      'the norm behind a purpose',
      { ...document, purposes: { ...document.purposes, 'invoice-enquiry': { ...purpose, norm: 'another' } } },
      '- purpose purposes.invoice-enquiry.norm: ',
    ],
    ['words', varco({ locale: 'en' }), '- words locale: "it" -> "en"'],
  ])('%s', (_, after, expected) => {
    expect(told(document, after)[0]).toContain(expected)
  })

  test('a forbid of what nobody permits yet, which no decision would miss', () => {
    const precaution: RuleDocument = {
      ...{ id: 'precaution', effect: 'forbid', actions: ['update'], resource: 'invoice', because },
      require: { ticket: 'none', grant: false },
    }
    const guarded = compileBundle({ ...document, access: [...document.access, precaution] })
    const diff = diffBundles(guarded, compileBundle(document))
    expect(diff).toMatchObject({ changes: [], structural: [], widens: false })
    expect(diff.rules).toEqual([
      { about: 'rule', name: 'precaution', from: 'forbid', to: 'none', widens: false },
    ])
    expect(diffText(diff)).toBe(
      'no decision changes\nrules as they are written:\n  - rule precaution: forbid -> none',
    )
    const [first] = document.access
    const renamed = document.access.map((rule) => (rule === first ? { ...rule, id: 'renamed' } : rule))
    expect(
      diffBundles(compileBundle(document), compileBundle({ ...document, access: renamed })).rules,
    ).toEqual([{ about: 'rule', name: first?.id, from: first?.id, to: 'renamed', widens: false }])
  })

  test('whatever a text holds, it is told in one line', () => {
    const name = 'Ente\n\nno decision changes\u202e'
    const next = varco({ controller: { ...document.varco.controller, name } })
    expect(diffText(diffBundles(compileBundle(document), compileBundle(next))).split('\n')).toEqual([
      'no decision changes',
      'beside the decisions:',
      expect.stringContaining('"Ente\\n\\nno decision changes\\u202e"'),
    ])
  })
})
