import { bundleDocumentSchema, compileBundle, type BundleDocument, type BundleError } from '@varco/policy'
import { fixtureBundle, fixtureDocument } from '@varco/policy/testing'
import { expect, test } from 'vitest'

type Draft = ReturnType<typeof draft>

/** The fixture as the schema's input: a change may be wrong in any way that the schema lets through. */
function draft() {
  return structuredClone(fixtureDocument()) as {
    varco: {
      time_zone: string
      log: { floor: string }
      data_subjects: Record<string, { resource: string; find_by: string[] }>
    }
    catalogue: {
      resource: string
      key: string
      data_subject: { kind: string; field: string }
      fields: Record<string, { type: string; category: string }>
      relations: Record<string, unknown>
    }[]
    purposes: Record<string, { categories: string[] }>
    processors: {
      processor: string
      identity_provider: { issuer: string }
      contracts: { id: string; from: string; annex: { purpose: string }[] }[]
    }[]
    access: {
      id: string
      role?: string[]
      resource: string
      purposes?: string[]
      contracts?: string[]
      where?: unknown
      fields?: { plain: string[]; masked: Record<string, string>; hidden: string[] }
      require: { ticket: string }
    }[]
    retention: { resource: string; trigger: { field: string } }[]
    cases: { resource: string; expect: { plain: string[]; reasons?: string[] } }[]
  }
}

/** Gives the invoices a range of days. */
function withRange(document: Draft): Draft['catalogue'][number] {
  const invoice = document.catalogue[1] as Draft['catalogue'][number]
  const period = invoice.fields['period'] as { type: string; category: string }
  invoice.fields['covers'] = { ...period, type: 'daterange' }
  return invoice
}

function problems(change: (document: Draft) => void): readonly string[] {
  const document = draft()
  change(document)
  try {
    compileBundle(bundleDocumentSchema.parse(document))
  } catch (error) {
    return (error as BundleError).problems.map(
      ({ file, message, suggestion }) =>
        `${file}: ${message}${suggestion === null ? '' : ` (${suggestion})`}`,
    )
  }
  return []
}

const rule = (index: number) => (document: Draft) => {
  const found = document.access[index]
  if (found === undefined) throw new Error('no such rule')
  return found
}
const enquiry = rule(0)
const sealed = rule(7)
const judicial = rule(8)

test('compiles the fixture: resources, contracts as instants of the time zone, issuers', () => {
  const bundle = fixtureBundle()
  expect([...bundle.resources.keys()]).toEqual(['antimafia_check', 'invoice', 'producer'])
  const contract = [...bundle.contracts.values()].find(({ id }) => id === 'aurora-2026')
  expect([contract?.from, contract?.to]).toEqual([1_767_222_000_000_000n, 1_830_294_000_000_000n])
  expect([...bundle.issuers]).toEqual([
    ['https://login.gse.example', null],
    ['https://login.aurora.example', 'aurora'],
    ['https://login.borea.example', 'borea'],
  ])
})

test('the version is the hash of the content, and of nothing else', () => {
  expect(fixtureBundle().version).toBe(fixtureBundle().version)
  const { varco, ...rest } = fixtureDocument()
  const reordered: BundleDocument = { ...rest, varco }
  expect(compileBundle(reordered).version).toBe(fixtureBundle().version)
  expect(compileBundle({ ...reordered, cases: [] }).version).not.toBe(fixtureBundle().version)
})

test.each<[string, (document: Draft) => void, string]>([
  [
    'a rule for an unknown resource',
    (d) => (enquiry(d).resource = 'invioce'),
    'access/0/resource: unknown resource "invioce" (invoice)',
  ],
  [
    'a rule for an unknown role',
    (d) => (enquiry(d).role = ['contact-center.operator']),
    'access/0/role/0: unknown role "contact-center.operator" (contact-centre.operator)',
  ],
  [
    'a rule for an unknown purpose',
    (d) => (enquiry(d).purposes = ['invoice-inquiry']),
    'access/0/purposes/0: unknown purpose "invoice-inquiry" (invoice-enquiry)',
  ],
  [
    'a rule for an unknown contract',
    (d) => (enquiry(d).contracts = ['aurora-2025']),
    'access/0/contracts/0: unknown contract "aurora-2025" (aurora-2026)',
  ],
  [
    'a rule that shows an unknown field',
    (d) => enquiry(d).fields?.plain.push('nubmer'),
    'access/0/fields/plain/6: unknown field "nubmer" (number)',
  ],
  [
    'a field both plain and masked',
    (d) => enquiry(d).fields?.plain.push('iban'),
    'access/0/fields/masked/iban: field "iban" is declared twice',
  ],
  [
    'a mask that does not fit',
    (d) => (enquiry(d).fields = { plain: ['id'], masked: { amount: 'year' }, hidden: [] }),
    'access/0/fields/masked/amount: mask year does not fit a decimal field',
  ],
  [
    'a mask that does not fit a range',
    (d) => {
      withRange(d)
      enquiry(d).fields = { plain: ['id'], masked: { covers: 'last4' }, hidden: [] }
    },
    'access/0/fields/masked/covers: mask last4 does not fit a daterange field',
  ],
  [
    'a range as a key',
    (d) => (withRange(d).key = 'covers'),
    'catalogue/1/key: a daterange field identifies nothing',
  ],
  [
    'a range that says whose a record is',
    (d) => (withRange(d).data_subject.field = 'covers'),
    'catalogue/1/data_subject/field: a daterange field identifies nothing',
  ],
  [
    'a relation by ranges',
    (d) => {
      const invoice = withRange(d)
      invoice.relations = { twin: { resource: 'invoice', field: 'covers', to: 'covers', many: true } }
    },
    'catalogue/1/relations/twin/to: a daterange field identifies nothing',
  ],
  [
    'a permit for everyone',
    (d) => delete enquiry(d).role,
    'access/0: rule "cc-invoice-enquiry" permits without naming a role',
  ],
  [
    'a permit for any purpose',
    (d) => delete enquiry(d).purposes,
    'access/0: rule "cc-invoice-enquiry" permits without naming a purpose',
  ],
  [
    'a permit that shows nothing',
    (d) => (enquiry(d).fields = { plain: [], masked: {}, hidden: ['iban'] }),
    'access/0/fields: rule "cc-invoice-enquiry" permits but shows no field',
  ],
  [
    'a field outside the purpose’s categories',
    (d) =>
      (d.purposes['invoice-enquiry'] = {
        ...d.purposes['invoice-enquiry'],
        categories: ['identification', 'contact'],
      }),
    'access/0/fields/plain/0: field "id" is of category "economic", which purpose "invoice-enquiry" does not process',
  ],
  [
    'a forbid that shows',
    (d) => judicial(d).fields?.plain.push('status'),
    'access/8/fields: a forbid shows nothing',
  ],
  [
    'a forbid that hides nothing',
    (d) => (judicial(d).fields = { plain: [], masked: {}, hidden: [] }),
    'access/8/fields: the forbid hides no field',
  ],
  [
    'a forbid that requires a ticket',
    (d) => (sealed(d).require.ticket = 'open'),
    'access/7/require: a forbid requires nothing of the caller',
  ],
  [
    'two rules of one name',
    (d) => (sealed(d).id = 'cc-invoice-enquiry'),
    'access/7/id: rule "cc-invoice-enquiry" is declared twice',
  ],
  [
    'a resource declared twice',
    (d) => ((d.catalogue[0] ?? enquiry(d)).resource = 'invoice'),
    'catalogue/1/resource: resource "invoice" is declared twice',
  ],
  [
    'a key that is no field',
    (d) => Object.assign(d.catalogue[1] ?? {}, { key: 'uid' }),
    'catalogue/1/key: unknown field "uid" (id)',
  ],
  [
    'a data subject of no kind',
    (d) => Object.assign(d.catalogue[1]?.data_subject ?? {}, { kind: 'produccer' }),
    'catalogue/1/data_subject/kind: unknown data subject "produccer" (producer)',
  ],
  [
    'a field of no category',
    (d) => Object.assign(d.catalogue[1]?.fields['iban'] ?? {}, { category: 'econmic' }),
    'catalogue/1/fields/iban/category: unknown category "econmic" (economic)',
  ],
  [
    'a field called as a connective',
    (d) =>
      Object.assign(d.catalogue[1]?.fields ?? {}, {
        or: { type: 'text', category: 'economic', title: { it: 'x', en: 'x' }, nullable: false },
      }),
    'catalogue/1/fields/or: no field may be called "or"',
  ],
  [
    'relations in a circle',
    (d) =>
      Object.assign(d.catalogue[2]?.relations ?? {}, {
        last: { resource: 'invoice', field: 'id', to: 'producer_id', many: false },
      }),
    'catalogue/1/relations/producer: relations lead from invoice back to invoice',
  ],
  [
    'a relation to an unknown field',
    (d) =>
      ((d.catalogue[1] ?? { relations: {} }).relations = {
        producer: { resource: 'producer', field: 'producer_id', to: 'uid', many: false },
      }),
    'catalogue/1/relations/producer/to: unknown field "uid" (id)',
  ],
  [
    'a time zone nobody knows',
    (d) => (d.varco.time_zone = 'Europe/Roma'),
    'varco/time_zone: unknown time zone "Europe/Roma"',
  ],
  [
    'a log kept shorter than it must',
    (d) => (d.varco.log.floor = 'P4Y'),
    'varco/log/ceiling: the ceiling may be shorter than the floor',
  ],
  [
    'data subjects in an unknown resource',
    (d) => Object.assign(d.varco.data_subjects['producer'] ?? {}, { resource: 'person' }),
    'varco/data_subjects/producer/resource: unknown resource "person"',
  ],
  [
    'an issuer that vouches for two',
    (d) =>
      Object.assign(d.processors[1] ?? {}, { identity_provider: { issuer: 'https://login.gse.example' } }),
    'processors/1/identity_provider/issuer: issuer "https://login.gse.example" is declared twice',
  ],
  [
    'a contract that ends before it starts',
    (d) => Object.assign(d.processors[0]?.contracts[0] ?? {}, { from: '2028-01-01' }),
    'processors/0/contracts/0/to: the contract ends before it starts',
  ],
  [
    'an annex with an unknown purpose',
    (d) => Object.assign(d.processors[0]?.contracts[0]?.annex[0] ?? {}, { purpose: 'fairs' }),
    'processors/0/contracts/0/annex/0/purpose: unknown purpose "fairs"',
  ],
  [
    'a contract called internal',
    (d) => Object.assign(d.processors[0]?.contracts[0] ?? {}, { id: 'internal' }),
    'processors/0/contracts/0/id: no contract may be called "internal"',
  ],
  [
    'retention from a field that is no date',
    (d) => Object.assign(d.retention[0] ?? {}, { trigger: { field: 'status' } }),
    'retention/0/trigger/field: a text field starts no period',
  ],
  [
    'retention that must keep for longer than it may',
    (d) =>
      Object.assign(d.retention[0] ?? {}, {
        keep_at_least: [
          { trigger: { field: 'issued_on' }, after: 'P11Y', because: 'Codice civile, art. 2946' },
        ],
      }),
    'retention/0/keep_at_least/0/after: the record must be kept for P11Y and must go after P10Y',
  ],
  [
    'anonymisation without masks',
    (d) => Object.assign(d.retention[0] ?? {}, { action: 'anonymise' }),
    'retention/0/action: nothing says how the fields are anonymised',
  ],
  [
    'a mask that empties a field which always has a value',
    (d) => Object.assign(d.retention[0] ?? {}, { action: 'anonymise', masks: { number: 'clear' } }),
    'retention/0/masks/number: the field always has a value',
  ],
  [
    'a mask over the field that ties records together',
    (d) => Object.assign(d.retention[0] ?? {}, { action: 'anonymise', masks: { producer_id: 'redact' } }),
    'retention/0/masks/producer_id: records are tied to one another by this field',
  ],
  [
    'a stage that comes after the end',
    (d) => {
      const [rule] = d.retention
      if (rule !== undefined)
        d.retention.push({ ...rule, ...{ id: 'later', action: 'restrict', after: 'P12Y' } })
    },
    'retention/1/after: the stage is out of order with the rule invoices-ten-years',
  ],
  [
    'a trigger over a relation that is none',
    (d) =>
      Object.assign(d.retention[0]?.trigger ?? {}, { last_of: { relation: 'producers', field: 'name' } }),
    'retention/0/trigger/last_of/relation: unknown relation "producers" (producer)',
  ],
  [
    'a trigger over related records that have no such date',
    (d) => Object.assign(d.retention[0]?.trigger ?? {}, { last_of: { relation: 'producer', field: 'name' } }),
    'retention/0/trigger/last_of/field: a text field starts no period',
  ],
  [
    'an owner that is no unit',
    (d) => Object.assign(d.retention[0] ?? {}, { owner: 'nobody' }),
    'retention/0/owner: unknown unit "nobody"',
  ],
  [
    'telling people apart among what is erased',
    (d) => Object.assign(d.retention[0] ?? {}, { quasi_identifiers: { fields: ['period'], at_least: 5 } }),
    'retention/0/quasi_identifiers: the action erase leaves nobody to be told apart',
  ],
  [
    'a case that expects an unknown reason',
    (d) => Object.assign(d.cases[0]?.expect ?? {}, { reasons: ['no-tiket'] }),
    'cases/0/expect/reasons/0: unknown reason "no-tiket" (no-ticket)',
  ],
  [
    'a case on an unknown field',
    (d) => d.cases[0]?.expect.plain.push('ammount'),
    'cases/0/expect/plain/6: unknown field "ammount" (amount)',
  ],
])('refuses %s and says where', (_, change, expected) => {
  expect(problems(change)).toContain(expected)
})

test.each<[string, unknown, string]>([
  ['an unknown field', { ammount: { eq: 1 } }, 'access/0/where/ammount: unknown field "ammount" (amount)'],
  [
    'a text where a number is due',
    { id: { eq: '1' } },
    'access/0/where/id/eq: "1" is not a value of a integer field',
  ],
  [
    'a number where a text is due',
    { status: { in: ['issued', 7] } },
    'access/0/where/status/in/1: 7 is not a value of a text field',
  ],
  [
    'a fraction for a whole number',
    { id: { lt: 1.5 } },
    'access/0/where/id/lt: 1.5 is not a value of a integer field',
  ],
  [
    'a date that does not exist',
    { issued_on: { gte: '2026-02-30' } },
    'access/0/where/issued_on/gte: "2026-02-30" is not a value of a date field',
  ],
  [
    'a reference of no scope',
    { status: { eq: '$operator.unit' } },
    'access/0/where/status/eq: unknown reference "$operator.unit"',
  ],
  [
    'a reference nearly right',
    { producer_id: { eq: '$ticket.data_subjct' } },
    'access/0/where/producer_id/eq: unknown reference "$ticket.data_subjct" ($ticket.data_subject)',
  ],
  [
    'a reference of another type',
    { issued_on: { lt: '$contract.id' } },
    'access/0/where/issued_on/lt: $contract.id is a text and does not compare with a date field',
  ],
  [
    'now where it means nothing',
    { status: { eq: '$now' } },
    'access/0/where/status/eq: $now does not compare with a text field',
  ],
  [
    'fields of different types',
    { amount: { gt: '$record.status' } },
    'access/0/where/amount/gt: a decimal field does not compare with a text field',
  ],
  [
    'contains on what is no list',
    { status: { contains: 'a' } },
    'access/0/where/status/contains: contains does not apply to a text field',
  ],
  [
    'a range that is looked into',
    { covers: { eq: 'empty' } },
    'access/0/where/covers/eq: eq does not apply to a daterange field',
  ],
  [
    'a range that contains something',
    { covers: { contains: '2026-03-29' } },
    'access/0/where/covers/contains: contains does not apply to a daterange field',
  ],
  [
    'prefix on what is no text',
    { amount: { prefix: '1' } },
    'access/0/where/amount/prefix: prefix does not apply to a decimal field',
  ],
  ['an empty list', { status: { in: [] } }, 'access/0/where/status/in: in needs at least one value'],
  [
    'a reference inside a list',
    { status: { in: ['$principal.unit'] } },
    'access/0/where/status/in: a list holds constants only',
  ],
  [
    'a text no record can hold',
    { status: { eq: 'a\0' } },
    'access/0/where/status/eq: "a\\u0000" is not a value of a text field',
  ],
  [
    'seventeen levels',
    Array.from({ length: 17 }).reduce<unknown>((not) => ({ not }), { status: { eq: 'paid' } }),
    `access/0/where${'/not'.repeat(16)}: the condition is nested too deep`,
  ],
])('refuses a condition with %s', (_, where, expected) => {
  expect(
    problems((document) => {
      withRange(document)
      enquiry(document).where = where
    }),
  ).toContain(expected)
})

test('a rule may ask whether there is a range', () => {
  expect(
    problems((document) => {
      withRange(document)
      enquiry(document).where = { covers: { exists: true } }
    }),
  ).toEqual([])
})

test.each<[string, unknown]>([
  ['an unknown operator', { status: { like: 'p%' } }],
  ['no operator', { status: {} }],
  ['an empty condition', {}],
  ['null', null],
  ['null for an operator’s value', { status: { eq: null } }],
  ['a bare value', { status: 'paid' }],
  ['null in a list', { status: { in: [null] } }],
  ['a connective over nothing', { or: [] }],
])('the schema refuses a condition with %s', (_, where) => {
  const document = draft()
  enquiry(document).where = where
  expect(bundleDocumentSchema.safeParse(document).success).toBe(false)
})

test.each<[string, unknown]>([
  ['no condition at all', undefined],
  ['an empty one', {}],
  ['an alternative that is empty', { or: [{}] }],
  ['a clause without a condition', { status: undefined }],
  ['an operator that compares with nothing', { status: { eq: undefined } }],
  ['a denial of nothing', { not: undefined }],
])('a program that hands over %s where a condition belongs gets no wider policy', (_, where) => {
  const document = fixtureDocument()
  const access = document.access.map((each, index) =>
    index === 0 ? ({ ...each, where } as typeof each) : each,
  )
  expect(() => compileBundle({ ...document, access })).toThrow(/says nothing|compares with nothing/)
})

test('a decimal constant that a double rounds is refused, as text it is exact', () => {
  const amount = (value: unknown) =>
    problems((document) => {
      enquiry(document).where = { amount: { lt: value } }
    })
  expect(amount(Number('9007199254740993'))).toEqual([expect.stringMatching(/amount|lt/)])
  expect(amount('9007199254740993.25')).toEqual([])
  expect(amount(12.5)).toEqual([])
})

test('of a thousand mistakes a hundred are told, and how many more there are', () => {
  const found = problems((document) => {
    enquiry(document).role = Array.from({ length: 1_000 }, (_, index) => `nobody-${index}`)
  })
  expect(found).toHaveLength(101)
  expect(found.at(-1)).toMatch(/900 more problems from here on/)
})

test('rules that say the same of records are still rules of their own', () => {
  const document = fixtureDocument()
  const [first] = document.access
  if (first === undefined) throw new Error('no rule')
  const bundle = compileBundle({
    ...document,
    catalogue: document.catalogue.map((file) => ({ ...file, owner: 'contact-centre' })),
    access: [
      ...document.access,
      { ...first, id: 'same-under-grant', require: { ...first.require, grant: true } },
      { ...first, id: 'same-for-others', role: ['dpo'] },
    ],
  })
  const [of, granted, others] = [first.id, 'same-under-grant', 'same-for-others'].map((id) =>
    bundle.rules.all.find((each) => each.id === id),
  )
  expect(others?.evaluate).toBe(of?.evaluate)
  expect(granted?.evaluate).not.toBe(of?.evaluate)
  expect([...(others?.roles ?? [])]).toEqual(['dpo'])
  expect([...(of?.roles ?? [])]).toEqual(first.role)
})
