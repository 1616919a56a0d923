import { canonicalJson, type FieldName, type Json } from '@varco/core'
import {
  decideRecord,
  diffBundles,
  diffText,
  oversightFileSchema,
  type AccessRequest,
  type Bundle,
  type PolicyDiff,
} from '@varco/policy'
import {
  arbitraryRecord,
  arbitraryRequest,
  arbitraryRules,
  fixtureDocument,
  worldBundle,
  WORLD_FIELDS,
} from '@varco/policy/testing'
import { bundleDocumentSchema, compileBundle, type BundleDocument, type RuleDocument } from '@varco/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

/** How each field is shown, as the diff's own words have it, worked out anew from the engine. */
function shownOn(
  bundle: Bundle,
  request: AccessRequest,
  record: Readonly<Record<string, unknown>>,
): (field: string) => string {
  const outcomes = decideRecord(bundle, request, record)
  return (field) => {
    const outcome = outcomes?.get(field as FieldName)
    return outcome === undefined ? 'hidden' : (outcome.mask ?? outcome.outcome)
  }
}

const RANK: Readonly<Record<string, number>> = {
  hidden: 0,
  redact: 1,
  last4: 2,
  partial: 2,
  year: 2,
  hmac: 2,
  plain: 3,
}

function isWider(from: string, to: string): boolean {
  const [was = 0, is = 0] = [RANK[from], RANK[to]]
  return is > was || (is === 2 && was === 2 && from !== to)
}

const RUNS = Math.max(100, Number(process.env['VARCO_PROPERTY_RUNS'] ?? 0) / 100)

/** Two lists of rules that share some. */
const twoPolicies = fc
  .tuple(arbitraryRules(), arbitraryRules(), fc.nat({ max: 5 }), fc.boolean())
  .map(([old, other, at, adds]) => {
    const next = adds
      ? [...old, ...other.slice(0, 1)]
      : [...old.slice(0, at), ...other.slice(0, 1), ...old.slice(at + 1)]
    const named = (rules: readonly RuleDocument[]): readonly RuleDocument[] =>
      rules.map((rule, index) => ({ ...rule, id: `rule-${index}` }))
    return { before: worldBundle(named(old)), after: worldBundle(named(next)) }
  })

describe('the diff is exact', () => {
  test('a probe finds a field wider, or narrower, if and only if the diff says so; and its witnesses show it', () => {
    const tally = { widening: 0, narrowing: 0, unconfirmed: 0, wider: 0 }
    fc.assert(
      fc.property(
        twoPolicies,
        fc.array(fc.tuple(arbitraryRequest(), arbitraryRecord()), { minLength: 30, maxLength: 30 }),
        ({ before, after }, probes) => {
          const { changes } = diffBundles(before, after)
          // Told together: an assertion for each of some thousands takes longer than the diff.
          const wrong: string[] = []
          for (const { witness, kind, field, from, to } of changes) {
            tally[witness === null ? 'unconfirmed' : kind] += 1
            const seen =
              witness === null
                ? [from, to]
                : [before, after].map((bundle) =>
                    shownOn(bundle, witness.request, witness.record)(String(field)),
                  )
            if (seen.join() !== [from, to].join() || isWider(from, to) !== (kind === 'widening'))
              wrong.push(`${kind} ${field} ${from} -> ${to}, as on its witness ${seen.join(' -> ')}`)
          }
          const said = new Set(
            changes.map(({ cell, field, from, to }) =>
              [cell.action, cell.purpose, cell.contract, field, from, to].join(),
            ),
          )
          for (const [request, record] of probes) {
            const [was, is] = [shownOn(before, request, record), shownOn(after, request, record)]
            for (const field of Object.keys(WORLD_FIELDS)) {
              const [from, to] = [was(field), is(field)]
              if (isWider(from, to)) tally.wider += 1
              const { action, contract, purpose } = request
              const place = [action, purpose, contract?.id ?? 'internal', field, from, to].join()
              if (from !== to && !said.has(place)) wrong.push(`not said: ${place}`)
            }
          }
          expect(wrong).toEqual([])
        },
      ),
      { numRuns: RUNS, endOnFailure: true },
    )
    // Not green for want of differences, nor by giving up.
    expect(Math.min(tally.widening, tally.narrowing, tally.wider)).toBeGreaterThan(RUNS / 2)
    expect(tally.unconfirmed / (tally.widening + tally.narrowing)).toBeLessThan(0.25)
  }, 300_000)

  test('a policy does not differ from itself, whatever the order of its rules', () => {
    fc.assert(
      fc.property(arbitraryRules(), (rules) => {
        expect(diffBundles(worldBundle(rules), worldBundle(rules.toReversed()))).toMatchObject({
          changes: [],
          structural: [],
          widens: false,
        })
      }),
      { numRuns: 200 },
    )
  })
})

function changed(change: (document: BundleDocument) => BundleDocument): PolicyDiff {
  return diffBundles(compileBundle(fixtureDocument()), compileBundle(change(fixtureDocument())))
}

function withRule(
  rule: Partial<RuleDocument> & Pick<RuleDocument, 'id'>,
): (document: BundleDocument) => BundleDocument {
  return (document) => ({
    ...document,
    access: document.access.map((each) => (each.id === rule.id ? { ...each, ...rule } : each)),
  })
}

function summary({ changes }: PolicyDiff): readonly string[] {
  return changes.map(
    ({ kind, cell, field, from, to, rows }) =>
      `${kind} ${cell.action} ${cell.resource}.${field ?? '*'} ${cell.role} ${cell.contract} ${cell.purpose}: ${from} -> ${to} where ${rows}`,
  )
}

test('one added rule yields exactly its cells', () => {
  const added: RuleDocument = {
    id: 'cc-check-request-date',
    effect: 'permit',
    role: ['contact-centre.operator'],
    actions: ['read'],
    resource: 'antimafia_check',
    purposes: ['antimafia-status'],
    contracts: ['aurora-2026'],
    where: { producer_id: { eq: '$ticket.data_subject' }, status: { eq: 'pending' } },
    fields: { plain: ['requested_on'], masked: {}, hidden: [] },
    require: { ticket: 'open', grant: false },
    because: 'Allegato A.5, come modificato',
  }
  const diff = changed((document) => ({ ...document, access: [...document.access, added] }))
  expect(summary(diff)).toEqual([
    'widening read antimafia_check.requested_on contact-centre.operator aurora-2026 antimafia-status: hidden -> plain where with an open ticket and producer_id = $ticket.data_subject and status = pending',
  ])
  expect(diff.widens).toBe(true)
  expect(diff.changes[0]?.witness).toMatchObject({
    request: { ticket: { status: 'open', purpose: 'antimafia-status' }, contract: { id: 'aurora-2026' } },
    record: { status: 'pending', outcome: null },
  })
})

test('a ticket no longer required is a widening for those without one', () => {
  const diff = changed(
    withRule({
      id: 'cc-antimafia-status',
      where: { status: { eq: 'valid' } },
      require: { ticket: 'none', grant: false },
    }),
  )
  const widening = diff.changes.find(({ field, kind }) => field === 'valid_until' && kind === 'widening')
  expect(widening).toMatchObject({ from: 'hidden', to: 'plain', witness: { request: { ticket: null } } })
})

test('a mask made stricter is a narrowing, and one exchanged for another counts as widening', () => {
  const masked = (mask: 'redact' | 'partial') =>
    changed(
      withRule({
        id: 'cc-invoice-enquiry',
        fields: {
          plain: ['id', 'producer_id', 'number', 'period', 'amount', 'status'],
          masked: { iban: mask, tax_code: 'partial' },
          hidden: [],
        },
      }),
    )
  expect(
    new Set(masked('redact').changes.map(({ kind, field, from, to }) => `${kind} ${field} ${from} ${to}`)),
  ).toEqual(new Set(['narrowing iban last4 redact']))
  expect(masked('redact').widens).toBe(false)
  expect(masked('partial').widens).toBe(true)
})

test('a forbid taken away gives back its rows alone', () => {
  const diff = changed((document) => ({
    ...document,
    access: document.access.filter(({ id }) => id !== 'sealed-invoices'),
  }))
  expect(
    diff.changes.every(
      ({ cell, kind }) => cell.resource === 'invoice' && cell.role === 'dpo' && kind === 'widening',
    ),
  ).toBe(true)
  // The operator's own rule names the states it shows, and sealed is none of them.
  expect(diff.changes.length).toBeGreaterThan(0)
  expect(diff.changes[0]?.witness?.record['status']).not.toBe('paid')
})

test('a contract made longer widens in the added span alone', () => {
  const diff = changed((document) => ({
    ...document,
    processors: document.processors.map((processor) => ({
      ...processor,
      contracts: processor.contracts.map((contract) =>
        contract.id === 'aurora-2026' ? { ...contract, to: '2028-06-30' } : contract,
      ),
    })),
  }))
  expect(diff.widens).toBe(true)
  expect(
    diff.changes.every(
      ({ kind, cell, witness }) =>
        kind === 'widening' &&
        cell.contract === 'aurora-2026' &&
        witness !== null &&
        witness.request.now >= 1_830_294_000_000_000n,
    ),
  ).toBe(true)
})

test('a purpose added to an annex widens for that contract', () => {
  const diff = changed((document) => ({
    ...document,
    processors: document.processors.map((processor) => ({
      ...processor,
      contracts: processor.contracts.map((contract) =>
        contract.id === 'aurora-2026'
          ? { ...contract, annex: contract.annex.filter(({ purpose }) => purpose !== 'antimafia-status') }
          : contract,
      ),
    })),
  }))
  expect(new Set(diff.changes.map(({ kind, cell }) => `${kind} ${cell.contract} ${cell.purpose}`))).toEqual(
    new Set(['narrowing aurora-2026 antimafia-status']),
  )
})

test('tokens that need no longer be bound, or to something else, let others in', () => {
  type Provider = BundleDocument['varco']['controller']['identity_provider']
  const withProof =
    (proof: Provider['proof_of_possession']) =>
    (document: BundleDocument): BundleDocument => ({
      ...document,
      processors: document.processors.map((processor) => ({
        ...processor,
        identity_provider: {
          issuer: processor.identity_provider.issuer,
          ...(proof === undefined || processor.processor !== 'aurora' ? {} : { proof_of_possession: proof }),
        },
      })),
    })
  const bundleWith = (proof: Provider['proof_of_possession']): Bundle =>
    compileBundle(withProof(proof)(fixtureDocument()))
  const told = (from: Provider['proof_of_possession'], to: Provider['proof_of_possession']): unknown =>
    diffBundles(bundleWith(from), bundleWith(to)).structural
  const change = { about: 'proof', name: 'https://login.aurora.example' }
  expect(told(undefined, 'dpop')).toEqual([{ ...change, from: 'none', to: 'dpop', widens: false }])
  expect(told('dpop', undefined)).toEqual([{ ...change, from: 'dpop', to: 'none', widens: true }])
  expect(told('dpop', 'client-certificate')).toEqual([
    { ...change, from: 'dpop', to: 'client-certificate', widens: true },
  ])
  expect(told('dpop', 'dpop')).toEqual([])
})

test('what shows in no decision is told apart: issuers, sources, budgets', () => {
  const diff = changed((document) => ({
    ...document,
    processors: document.processors.map((processor) => ({
      ...processor,
      identity_provider: { issuer: `${processor.identity_provider.issuer}/new` },
    })),
    catalogue: document.catalogue.map((file) =>
      file.resource === 'invoice' ? { ...file, source: { relation: 'gse.all_invoices' } } : file,
    ),
    access: document.access.map((rule) =>
      rule.id === 'cc-invoice-enquiry'
        ? { ...rule, require: { ...rule.require, max_records_per_hour: 600 } }
        : rule,
    ),
  }))
  expect(diff.changes).toEqual([])
  expect(diff.structural.map(({ about, name, widens }) => [about, name, widens])).toEqual([
    ['issuer', 'https://login.aurora.example', false],
    ['issuer', 'https://login.borea.example', false],
    ['issuer', 'https://login.aurora.example/new', true],
    ['issuer', 'https://login.borea.example/new', true],
    ['source', 'invoice', true],
    ['budget', 'cc-invoice-enquiry', true],
  ])
  expect(diff.widens).toBe(true)
})

const limited = fixtureDocument().access.find(({ id }) => id === 'cc-invoice-enquiry')
if (limited === undefined) throw new Error('the fixture lacks its rule')
const LIMITED: RuleDocument = {
  ...limited,
  require: { ...limited.require, max_records_per_hour: 60, step_up: true },
}

function told(before: BundleDocument, after: BundleDocument): readonly string[] {
  return diffBundles(compileBundle(before), compileBundle(after))
    .structural.filter(({ about }) => about !== 'words')
    .map(({ about, from, name, to, widens }) => `${widens ? '+' : '-'} ${about} ${name}: ${from} -> ${to}`)
}

function withLimited(...rules: readonly RuleDocument[]): BundleDocument {
  const document = fixtureDocument()
  return { ...document, access: [...document.access.filter(({ id }) => id !== LIMITED.id), ...rules] }
}

describe('a limit is not shed by another name', () => {
  const renamed = { ...LIMITED, id: 'cc-invoice-help' }
  const loose = { ...renamed, require: { ...renamed.require, max_records_per_hour: 600 } }
  const { step_up: _, ...once } = renamed.require
  test.each<[string, readonly RuleDocument[], readonly string[]]>([
    ['the rule under another name', [renamed], []],
    [
      'another name and ten times as much',
      [loose],
      ['+ budget cc-invoice-enquiry: 60 records an hour -> 600 records an hour'],
    ],
    [
      'another name and no proof anew',
      [{ ...renamed, require: once }],
      ['+ step-up cc-invoice-enquiry: true -> false'],
    ],
    [
      'its name, given to a rule about something else',
      [loose, { ...LIMITED, purposes: ['data-protection'], role: ['dpo'] }],
      ['+ budget cc-invoice-enquiry: 60 records an hour -> 600 records an hour'],
    ],
    [
      'split in two, each with the limit',
      [
        { ...LIMITED, where: { and: [LIMITED.where ?? {}, { status: { eq: 'paid' } }] } },
        { ...renamed, where: { and: [LIMITED.where ?? {}, { status: { neq: 'paid' } }] } },
      ],
      [],
    ],
    [
      'the rule narrowed',
      [{ ...LIMITED, where: { and: [LIMITED.where ?? {}, { status: { eq: 'paid' } }] } }],
      [],
    ],
    ['no rule at all', [], []],
    ['a looser rule beside it', [LIMITED, loose], []],
  ])('%s', (_name, rules, expected) => {
    expect(told(withLimited(LIMITED), withLimited(...rules))).toEqual(expected)
  })
})

test('a bundle read back from its canonical form has the limits it had', () => {
  const where = { status: { in: ['issued', 'paid'] }, producer_id: { eq: '$ticket.data_subject' } }
  const document = withLimited({ ...LIMITED, where })
  const back = bundleDocumentSchema.parse(JSON.parse(canonicalJson(document as unknown as Json)))
  expect(told(document, back)).toEqual([])
})

test('settings that let people get further without any rule are told, and tightening them widens nothing', () => {
  const document = fixtureDocument()
  const set = (figures: {
    hour: number
    minutes: number
    keys: string[]
    asks: boolean
    owner: string
    roles: string[]
  }): BundleDocument => ({
    ...document,
    varco: {
      ...document.varco,
      roles: Object.fromEntries(
        Object.entries(document.varco.roles).map(([role, said]) => [
          role,
          {
            ...said,
            ...(role === 'contact-centre.operator' && figures.asks ? { asks_for_others: true } : {}),
          },
        ]),
      ),
      grants: {
        approver_roles: figures.roles,
        longest_minutes: figures.minutes,
        because: 'una norma qualsiasi',
      },
      budgets: { operator: { data_subjects_per_hour: figures.hour }, because: 'una norma qualsiasi' },
    },
    catalogue: document.catalogue.map((file) =>
      file.resource === 'invoice' ? { ...file, canaries: figures.keys, owner: figures.owner } : file,
    ),
  })
  const strict = set({
    hour: 40,
    minutes: 60,
    keys: ['7', '8'],
    asks: false,
    owner: 'dpo-office',
    roles: ['dpo'],
  })
  const loose = set({
    ...{ hour: 400, minutes: 240, keys: ['8'], asks: true, owner: 'contact-centre' },
    roles: ['dpo', 'contact-centre.operator'],
  })
  expect(told(strict, loose)).toEqual([
    '+ budget own staff, data subjects an hour: 40 -> 400',
    '+ budget operators of aurora-2026, data subjects an hour: 40 -> 400',
    '+ budget operators of borea-2023, data subjects an hour: 40 -> 400',
    '+ grants minutes a grant lasts: 60 -> 240',
    '+ grants who approves: dpo -> contact-centre.operator, dpo',
    '+ role who asks for others: none -> contact-centre.operator',
    '+ grants whose unit grants invoice: dpo-office -> contact-centre',
    '+ canary invoice: 2 -> 1, 1 gone',
  ])
  // A unit is another, whichever is asked.
  expect(told(loose, strict).filter((line) => line.startsWith('+'))).toEqual([
    '+ grants whose unit grants invoice: contact-centre -> dpo-office',
  ])
  expect(told(strict, strict)).toEqual([])
})

describe('a change that shows in no decision is told all the same', () => {
  const document = fixtureDocument()
  const [aurora, borea] = document.processors
  if (aurora === undefined || borea === undefined) throw new Error('the fixture lacks its processors')
  const oversight = (change: object): BundleDocument => ({
    ...document,
    oversight: oversightFileSchema.parse(change),
  })
  const varco = (change: Partial<BundleDocument['varco']>): BundleDocument => ({
    ...document,
    varco: { ...document.varco, ...change },
  })
  const field = (change: Partial<BundleDocument['catalogue'][number]['fields'][string]>): BundleDocument => ({
    ...document,
    catalogue: document.catalogue.map((file) =>
      file.resource === 'antimafia_check'
        ? {
            ...file,
            fields: {
              ...file.fields,
              notes: { ...file.fields['notes'], ...change } as (typeof file.fields)[string],
            },
          }
        : file,
    ),
  })
  /** A contract more, in one company's hands or the other's. */
  const held = (by: typeof aurora, access = document.access): BundleDocument => ({
    ...document,
    access,
    processors: [aurora, borea].map((each) =>
      each === by
        ? {
            ...each,
            contracts: [
              ...each.contracts,
              { ...borea.contracts[0], id: 'shared-2023' } as (typeof borea.contracts)[number],
            ],
          }
        : each,
    ),
  })

  test('a contract under another company, whose issuer then vouches for its people', () => {
    const diff = diffBundles(compileBundle(held(borea)), compileBundle(held(aurora)))
    expect(diff).toMatchObject({
      changes: [],
      structural: [{ about: 'contract', name: 'shared-2023', from: 'borea', to: 'aurora', widens: true }],
      widens: true,
    })
  })

  test('and where rules look at whose contract it is, what they show', () => {
    const rule: RuleDocument = {
      ...LIMITED,
      id: 'own-records',
      where: { producer_id: { eq: '$contract.processor' } },
      require: { ticket: 'none', grant: false },
    }
    const { changes } = diffBundles(compileBundle(held(borea, [rule])), compileBundle(held(aurora, [rule])))
    expect(new Set(changes.map(({ cell, kind }) => `${kind} ${cell.contract}`))).toEqual(
      new Set(['widening shared-2023', 'narrowing shared-2023']),
    )
  })

  test('another time zone, in which today is another day', () => {
    expect(told(document, varco({ time_zone: 'Pacific/Kiritimati' }))).toEqual([
      '+ calendar time zone: Europe/Rome -> Pacific/Kiritimati',
    ])
  })

  test('a log that is kept for less, copies that are kept for more', () => {
    const { log } = document.varco
    const because = 'una norma qualsiasi'
    expect(told(document, varco({ log: { ...log, floor: 'P1D', ceiling: 'P1M' } }))).toEqual([
      '+ log floor: P2Y -> P1D',
      '+ log ceiling: P3Y -> P1M',
    ])
    expect(told(document, varco({ log: { ...log, ceiling: 'P4Y' } }))).toEqual(['- log ceiling: P3Y -> P4Y'])
    const copies = (keep: string): BundleDocument => varco({ copies: { keep, because } })
    expect(told(copies('P30D'), copies('P90D'))).toEqual(['+ copies kept: P30D -> P90D'])
    expect(told(copies('P30D'), document)).toEqual(['+ copies kept: P30D -> no limit'])
    expect(told(document, copies('P30D'))).toEqual(['- copies kept: no limit -> P30D'])
  })

  test('an agreement with the workers that is gone, the body’s or a company’s', () => {
    const agreement = {
      kind: 'union-agreement',
      with: 'RSU',
      signed: '2025-12-15',
      reference: 'prot. 1',
    } as const
    const agreed: BundleDocument = {
      ...varco({ controller: { ...document.varco.controller, workers_agreement: agreement } }),
      processors: [{ ...aurora, workers_agreement: agreement }, borea],
    }
    const text = 'union-agreement with RSU, 2025-12-15, prot. 1'
    expect(told(agreed, document)).toEqual([
      `+ workers agreement of the controller: ${text} -> none`,
      `+ workers agreement of aurora: ${text} -> none`,
    ])
    const { structural } = diffBundles(compileBundle(document), compileBundle(agreed))
    expect(structural.map(({ about, widens }) => [about, widens])).toEqual([
      ['workers', false],
      ['workers', false],
    ])
  })

  test('a field that is judicial no more, and one that is no longer withheld from the copies of others', () => {
    expect(told(document, field({ category: 'administrative' }))).toEqual([
      '+ category antimafia_check.notes: judicial, judicial -> administrative',
    ])
    const judicial = { title: { it: 'Giudiziari', en: 'Judicial' }, judicial: false }
    expect(told(document, varco({ categories: { ...document.varco.categories, judicial } }))).toEqual(
      ['outcome', 'notes'].map(
        (name) => `+ category antimafia_check.${name}: judicial, judicial -> judicial`,
      ),
    )
    expect(told(field({ third_parties: true }), document)).toEqual([
      '+ copies antimafia_check.notes about others too: true -> false',
    ])
    expect(told(document, field({ third_parties: true }))).toEqual([
      '- copies antimafia_check.notes about others too: false -> true',
    ])
  })

  test('alerts that look away; a bundle that says nothing of them has the defaults', () => {
    expect(told(document, oversight({}))).toEqual([])
    const loose = oversight({
      alerts: {
        self: { enabled: false },
        volume: { at_least: 250, within_days: 2 },
        canary: { explained_by: ['role', 'grant'] },
        breadth: { within_days: 30 },
      },
      expected_roles: ['contact-centre.operator'],
      working_hours: { from: '00:00', to: '23:59' },
    })
    const hours = expect.stringMatching(/^\+ alert working hours: /) as string
    expect(told(document, loose)).toEqual([
      '+ alert self, enabled: true -> false',
      '+ alert canary, explained_by: ["role"] -> ["role","grant"]',
      '+ alert volume, at_least: 25 -> 250',
      '- alert volume, within_days: 1 -> 2',
      '+ alert breadth, within_days: 90 -> 30',
      hours,
      '+ alert roles expected to look: [] -> ["contact-centre.operator"]',
    ])
    expect(told(loose, document).filter((line) => line.startsWith('+'))).toEqual([
      '+ alert volume, within_days: 2 -> 1',
      hours,
    ])
    const kin = oversight({ people: { producer: { tax_code: 'tax_code' } } })
    expect(told(document, kin)).toEqual(['- alert compared of producer: none -> {"tax_code":"tax_code"}'])
    expect(told(kin, document)).toEqual(['+ alert compared of producer: {"tax_code":"tax_code"} -> none'])
  })
})

const DPO: RuleDocument = {
  id: 'dpo-more',
  effect: 'permit',
  role: ['dpo'],
  actions: ['read'],
  resource: 'invoice',
  purposes: ['invoice-enquiry'],
  contracts: ['internal'],
  fields: { plain: ['id'], masked: {}, hidden: [] },
  require: { ticket: 'none', grant: false },
  because: 'una norma qualsiasi',
}

function withMore(...rules: readonly RuleDocument[]): BundleDocument {
  const document = fixtureDocument()
  return {
    ...document,
    catalogue: document.catalogue.map((file) =>
      file.resource === 'invoice' ? { ...file, owner: 'dpo-office' } : file,
    ),
    access: [...document.access, ...rules],
  }
}

function added(...rules: readonly RuleDocument[]): PolicyDiff {
  return diffBundles(compileBundle(withMore()), compileBundle(withMore(...rules)))
}

test('whether there is a range has an example of both', () => {
  const checks = (exists: boolean) => (document: BundleDocument) =>
    withRule({ id: 'cc-invoice-enquiry', where: { covers: { exists } } })({
      ...document,
      catalogue: document.catalogue.map((file) => ({
        ...file,
        fields: {
          ...file.fields,
          covers: { type: 'tstzrange', category: 'economic', title: { it: 'x', en: 'x' }, nullable: true },
        },
      })),
    })
  const [without, held] = [false, true].map((exists) => compileBundle(checks(exists)(fixtureDocument())))
  const diff = diffBundles(without as Bundle, held as Bundle)
  const rangesOf = (kind: string): ReadonlySet<unknown> =>
    new Set(
      diff.changes.filter((change) => change.kind === kind).map(({ witness }) => witness?.record['covers']),
    )
  expect(rangesOf('widening')).toEqual(new Set(['empty']))
  expect(rangesOf('narrowing')).toEqual(new Set([null]))
})

test('a field by which records may be counted is a widening: whoever counts by each value learns it', () => {
  const counting = (...plain: string[]): Bundle =>
    compileBundle(
      withMore({ ...DPO, actions: ['count'], fields: { plain, masked: { iban: 'last4' }, hidden: [] } }),
    )
  const said = (field: string): string =>
    `widening count invoice.${field} dpo internal invoice-enquiry: hidden -> plain where not (status = sealed)`
  const diff = diffBundles(counting('id'), counting('id', 'tax_code'))
  expect(summary(diff)).toEqual([said('tax_code')])
  expect(diff.widens).toBe(true)
  // A mask says nothing to whoever only counts.
  expect(summary(diffBundles(compileBundle(withMore()), counting('id')))).toEqual([said('*'), said('id')])
})

describe('a grant in a condition has an example too', () => {
  const own = { producer_id: { eq: '$grant.data_subject' } }
  test.each<[string, RuleDocument['where'], boolean]>([
    ['its data subject', own, true],
    ['its data subject, or no limit at all', { or: [{ status: { eq: 'paid' } }, own] }, true],
    ['its data subject, of a rule that needs none', { number: { eq: '$grant.data_subject' } }, false],
    ['its id, of a rule that needs none', { number: { eq: '$grant.id' } }, false],
  ])('%s', (_name, where, grant) => {
    const { changes } = added({ ...DPO, where, require: { ticket: 'none', grant } })
    expect(changes.map(({ field, kind, witness }) => [kind, field, witness !== null])).toEqual([
      ['widening', 'id', true],
    ])
  })
})

describe('what a second person reads of a rule is what it says', () => {
  const said = (where: RuleDocument['where']): string =>
    (added({ ...DPO, where }).changes[0]?.rows ?? '').replace(' and not (status = sealed)', '')

  test('a constant never reads as a clause, a reference or a line of its own', () => {
    expect(said({ period: { neq: 'x and producer_id = $ticket.data_subject' } })).toBe(
      'period ≠ "x and producer_id = $ticket.data_subject"',
    )
    expect(said({ period: { eq: '$$ticket.data_subject' } })).toBe('period = "$ticket.data_subject"')
    expect(said({ period: { eq: 'number' } })).toBe('period = number')
    expect(said({ period: { eq: '$record.number' } })).toBe('period = $record.number')
    expect(said({ period: { in: ['a, b', 'c'] } })).toBe('period in ["a, b", c]')
    expect(said({ period: { prefix: '2026-06\n0 widenings' } })).toBe(
      String.raw`period starts with "2026-06\n0 widenings"`,
    )
    expect(said({ period: { eq: 'pa\u200bid\u3164\u202e\u{e0041}\u009b' } })).toBe(
      String.raw`period = "pa\u200bid\u3164\u202e\udb40\udc41\u009b"`,
    )
  })

  test('whatever the constant, its text is its alone, and hides nothing', () => {
    const word = fc.constantFrom(
      'and',
      'paid',
      '$now',
      '"',
      '\\',
      '\u001b[2K',
      '\u202e',
      '\u200b',
      ', ',
      '(',
      'è',
    )
    const text = fc
      .array(fc.oneof(word, fc.string({ unit: 'grapheme' })), { minLength: 1 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(text, (constant) => {
        fc.pre(constant !== '' && !constant.includes('\0'))
        const shownAs = said({ period: { eq: constant.startsWith('$') ? `$${constant}` : constant } }).slice(
          'period = '.length,
        )
        expect(shownAs.startsWith('"') ? JSON.parse(shownAs) : shownAs).toBe(constant)
        expect(shownAs).not.toMatch(/[\p{Cc}\u00ad\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u)
        expect(shownAs).toMatch(/^("[\s\S]*"|[^\s$,()[\]="]+)$/)
      }),
      { numRuns: 100 },
    )
  })

  test('nobody is told of more than changed for them', () => {
    const who = (id: string, role: string, contract: string, plain: readonly string[]): RuleDocument => ({
      ...DPO,
      ...{ id, role: [role], contracts: [contract] },
      fields: { plain: [...plain], masked: {}, hidden: [] },
    })
    const lines = diffText(
      added(
        who('one', 'dpo', 'internal', ['id', 'iban']),
        who('two', 'antimafia.officer', 'internal', ['id']),
        who('three', 'dpo', 'aurora-2026', ['id']),
      ),
    ).split('\n')
    expect(lines.filter((line) => /^ {2}invoice|^ {4}for invoice/.test(line)).toSorted()).toEqual(
      [
        '  invoice id, iban: hidden -> plain',
        '    for invoice-enquiry; dpo of internal; read',
        '  invoice id: hidden -> plain',
        '    for invoice-enquiry; dpo of aurora-2026; read',
        '    for invoice-enquiry; antimafia.officer of internal; read',
      ].toSorted(),
    )
  })
})
