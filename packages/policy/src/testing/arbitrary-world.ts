import type {
  ContractId,
  GrantId,
  PolicyVersion,
  ProcessorId,
  Pseudonym,
  PurposeId,
  ResourceName,
  TicketId,
} from '@varco/core'
import fc from 'fast-check'
import type { Bundle } from '../bundle/bundle.ts'
import { compileBundle } from '../bundle/compile-bundle.ts'
import {
  MASKS,
  type BundleDocument,
  type CatalogueDocument,
  type FieldType,
  type RuleDocument,
  type WhereDocument,
} from '../bundle/schema.ts'
import type { AccessRequest, Scalar } from '../decision/request.ts'
import { fixtureDocument } from './fixture-document.ts'

/** Fields of the one resource of random worlds: two of each type, so that fields compare with each other. */
export const WORLD_FIELDS: Readonly<Record<string, FieldType>> = {
  id: 'integer',
  word: 'text',
  other_word: 'text',
  score: 'integer',
  amount: 'decimal',
  other_amount: 'decimal',
  flag: 'boolean',
  day: 'date',
  other_day: 'date',
  at: 'timestamp',
  ref: 'uuid',
  tags: 'text[]',
}

/** Values that tell implementations apart: empty, accents, wildcards, astral code points, trailing zeros, far years. */
const VALUES: Readonly<Record<FieldType, readonly Scalar[]>> = {
  text: ['', 'a', 'A', 'ab', 'a%', 'a_b', 'è', 'z', '\uE000', '\u{1D4B3}', '$5', "o'h\\"],
  integer: [-3, -1, 0, 1, 2, 10, 9_007_199_254_740_991],
  decimal: ['0', '-0.5', '0.50', '1', '1.10', '9.99', '10', '123456789012345678.123456789', '-7'],
  boolean: [true, false],
  date: ['0001-01-01', '1969-12-31', '2026-03-29', '2026-03-30', '2024-02-29', '9999-12-31'],
  timestamp: [
    '2026-03-29T01:30:00.000001Z',
    '2026-03-29T01:30:00.000002Z',
    '1969-12-31T23:59:59.999999Z',
    '2026-06-15T08:00:00Z',
    '2026-03-29T03:30:00+02:00',
  ],
  uuid: [
    '00000000-0000-4000-8000-000000000001',
    'A0000000-0000-4000-8000-000000000002',
    'f0000000-0000-4000-8000-00000000000a',
  ],
  'text[]': ['a', 'A', 'è', ''],
  json: [],
  ...{ int4range: [], int8range: [], numrange: [], daterange: [], tsrange: [], tstzrange: [] },
}

const REFERENCES: Readonly<Partial<Record<FieldType, readonly string[]>>> = {
  text: [
    '$principal.word',
    '$principal.absent',
    '$principal.unit',
    '$ticket.data_subject',
    '$contract.id',
    '$principal.words',
    '$grant.id',
    '$grant.record',
  ],
  integer: [
    '$principal.number',
    '$principal.absent',
    '$principal.word',
    '$ticket.data_subject',
    '$grant.data_subject',
  ],
  decimal: ['$principal.number', '$principal.absent', '$principal.word'],
  date: ['$now', '$contract.from', '$principal.day', '$principal.absent'],
  timestamp: ['$now', '$ticket.opened_at', '$grant.expires_at', '$principal.absent'],
  uuid: ['$principal.ref', '$principal.word'],
  'text[]': ['$principal.word', '$principal.absent'],
}

const NOW = 1_781_510_400_000_000n
const PURPOSES = ['invoice-enquiry', 'antimafia-status'] as const

const catalogue: CatalogueDocument = {
  resource: 'thing',
  title: { it: 'Cosa', en: 'Thing' },
  source: { relation: 'world.thing' },
  key: 'id',
  owner: 'contact-centre',
  data_subject: { kind: 'thing', field: 'id' },
  fields: Object.fromEntries(
    Object.entries(WORLD_FIELDS).map(([name, type]) => [
      name,
      { type, category: 'identification', title: { it: name, en: name }, nullable: name !== 'id' },
    ]),
  ),
  relations: {},
}

const base: BundleDocument = {
  ...fixtureDocument(),
  catalogue: [catalogue],
  retention: [],
  cases: [],
  access: [],
}
const frame: BundleDocument = {
  ...base,
  varco: {
    ...base.varco,
    data_subjects: {
      thing: { title: { it: 'Cosa', en: 'Thing' }, resource: 'thing', find_by: ['id'], name: ['word'] },
    },
  },
}

/** A bundle and a question to it. Over the same fields each time, with rules of every shape the schema admits. */
export interface World {
  readonly bundle: Bundle
  readonly request: AccessRequest
}

export function arbitraryWorld(
  options: { readonly contains?: boolean; readonly prefix?: boolean } = {},
): fc.Arbitrary<World> {
  return fc
    .record({ rules: arbitraryRules(options), request: arbitraryRequest() })
    .map(({ rules, request }) => ({ bundle: worldBundle(rules), request }))
}

/** The bundle of the random worlds' resource with these rules. */
export function worldBundle(rules: readonly RuleDocument[], version = 'w'.repeat(64)): Bundle {
  return compileBundle({ ...frame, access: [...rules] }, version as PolicyVersion)
}

export function arbitraryRules(
  options: { readonly contains?: boolean; readonly prefix?: boolean } = {},
): fc.Arbitrary<readonly RuleDocument[]> {
  return fc
    .array(arbitraryRule(options), { minLength: 1, maxLength: 5 })
    .map((rules) => rules.map((rule, index) => ({ ...rule, id: `rule-${index}` })))
}

/** `tags` and `other_amount` are plain for nobody: fields nobody names stay hidden. */
const SHOWABLE = ['id', 'word', 'score', 'amount', 'flag', 'day', 'other_word'] as const

function arbitraryRule(options: {
  readonly contains?: boolean
  readonly prefix?: boolean
}): fc.Arbitrary<RuleDocument> {
  const where = fc.option(arbitraryWhere(options), { nil: undefined, freq: 5 })
  const shared = {
    where,
    because: fc.constant('una norma qualsiasi'),
    id: fc.constant('rule'),
    actions: fc.constant<RuleDocument['actions']>(['read', 'search']),
    resource: fc.constant('thing'),
    contracts: fc.option(fc.subarray(['internal', 'aurora-2026'], { minLength: 1 }), {
      nil: undefined,
      freq: 2,
    }),
  }
  const permit = fc
    .record({
      ...shared,
      purposes: fc.subarray([...PURPOSES], { minLength: 1 }),
      says: fc.array(fc.constantFrom('plain', 'plain', 'plain', 'none', 'hidden', ...MASKS), {
        minLength: SHOWABLE.length,
        maxLength: SHOWABLE.length,
      }),
      require: fc.record({
        ticket: fc.constantFrom('none', 'none', 'open'),
        grant: fc.constantFrom(false, false, false, true),
      }),
    })
    .map(({ says, where: condition, contracts, ...rule }) => ({
      ...rule,
      ...optional({ where: condition, contracts }),
      effect: 'permit' as const,
      role: ['dpo'],
      fields: fieldsSaid(says),
    }))
  const forbid = fc
    .record({
      ...shared,
      hidden: fc.option(fc.subarray([...SHOWABLE], { minLength: 1, maxLength: 3 }), { nil: undefined }),
    })
    .map(({ hidden, where: condition, contracts, ...rule }) => ({
      ...rule,
      ...optional({
        where: condition,
        contracts,
        fields: hidden === undefined ? undefined : { plain: [], masked: {}, hidden },
      }),
      effect: 'forbid' as const,
      require: { ticket: 'none' as const, grant: false },
    }))
  return fc.oneof(
    { weight: 3, arbitrary: permit },
    { weight: 1, arbitrary: forbid },
  ) as fc.Arbitrary<RuleDocument>
}

function fieldsSaid(says: readonly string[]): NonNullable<RuleDocument['fields']> {
  const fields = {
    plain: ['id'] as string[],
    masked: {} as Record<string, (typeof MASKS)[number]>,
    hidden: [] as string[],
  }
  SHOWABLE.forEach((name, index) => {
    const said = says[index] ?? 'none'
    if (name === 'id' || said === 'none') return
    if (said === 'plain' || said === 'hidden') fields[said].push(name)
    else fields.masked[name] = maskFor(said as (typeof MASKS)[number], WORLD_FIELDS[name])
  })
  return fields
}

function maskFor(mask: (typeof MASKS)[number], type: FieldType | undefined): (typeof MASKS)[number] {
  if (mask === 'year') return type === 'date' || type === 'timestamp' ? mask : 'redact'
  if (mask === 'last4' || mask === 'partial')
    return type === 'text' || type === 'integer' || type === 'uuid' ? mask : 'redact'
  return mask
}

function optional<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

export function arbitraryWhere(
  options: { readonly contains?: boolean; readonly prefix?: boolean } = {},
): fc.Arbitrary<WhereDocument> {
  // Made here, not for each leaf of each of some ten thousand trees.
  const comparisons = Object.keys(WORLD_FIELDS).map((name) =>
    arbitraryComparison(name, options).map((ops): WhereDocument => ({ [name]: ops })),
  )
  const leaf = fc.constantFrom(...comparisons).chain((comparison) => comparison)
  const { where } = fc.letrec<{ where: WhereDocument }>((tie) => ({
    where: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })),
      fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })),
      tie('where').map((not) => ({ not })),
    ),
  }))
  return where
}

function arbitraryComparison(
  name: string,
  options: { readonly contains?: boolean; readonly prefix?: boolean },
): fc.Arbitrary<Record<string, never>> {
  const type = WORLD_FIELDS[name] ?? 'text'
  const exists = fc.boolean().map((value) => ({ exists: value }))
  if (type === 'text[]') {
    const contains = operand(name, type).map((value) => ({ contains: value }))
    return (options.contains === false ? exists : fc.oneof(contains, exists)) as unknown as fc.Arbitrary<
      Record<string, never>
    >
  }
  const compare = fc
    .tuple(fc.constantFrom('eq', 'neq', 'lt', 'lte', 'gt', 'gte'), operand(name, type))
    .map(([op, value]) => ({ [op]: value }))
  const constant = fc.constantFrom(...VALUES[type].map(literal))
  const list = fc.oneof(
    { weight: 3, arbitrary: fc.array(constant, { minLength: 1, maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '$principal.words',
        '$principal.numbers',
        '$principal.absent',
        '$principal.word',
        '$principal.none',
      ),
    },
  )
  const member = fc.tuple(fc.constantFrom('in', 'nin'), list).map(([op, value]) => ({ [op]: value }))
  const between = fc.tuple(operand(name, type), operand(name, type)).map((bounds) => ({ between: bounds }))
  const prefix = fc.constantFrom('a', 'A', 'a%', 'è', '\u{1D4B3}', '$$').map((value) => ({ prefix: value }))
  return fc.oneof(
    compare,
    compare,
    compare,
    member,
    between,
    exists,
    ...(type === 'text' && options.prefix !== false ? [prefix] : []),
  ) as unknown as fc.Arbitrary<Record<string, never>>
}

function operand(name: string, type: FieldType): fc.Arbitrary<Scalar> {
  const others = Object.entries(WORLD_FIELDS).flatMap(([other, otherType]) =>
    other !== name && comparable(type, otherType) ? [`$record.${other}`] : [],
  )
  const references = [...(REFERENCES[type] ?? []), ...(type === 'text[]' ? [] : others)]
  const constants = fc.constantFrom(...VALUES[type].map(literal))
  return references.length === 0
    ? constants
    : fc.oneof({ weight: 2, arbitrary: constants }, { weight: 1, arbitrary: fc.constantFrom(...references) })
}

function comparable(a: FieldType, b: FieldType): boolean {
  const number = (type: FieldType): boolean => type === 'integer' || type === 'decimal'
  return a === b || (number(a) && number(b))
}

/** As a rule writes it: a text that starts with a dollar sign starts with two. */
function literal(value: Scalar): Scalar {
  return typeof value === 'string' && value.startsWith('$') ? `$${value}` : value
}

/** Attributes of the right and of the wrong types, and some that are missing. */
export function arbitraryRequest(): fc.Arbitrary<AccessRequest> {
  const text = fc.constantFrom(...VALUES.text)
  return fc
    .record({
      word: fc.option(text, { nil: undefined }),
      words: fc.option(fc.array(text, { maxLength: 3 }), { nil: undefined }),
      numbers: fc.array(fc.constantFrom<Scalar>(0, 1, '2', 10), { maxLength: 3 }),
      number: fc.option(fc.constantFrom<Scalar>(0, 1, '1.10', 'not a number', true), { nil: undefined }),
      day: fc.constantFrom<Scalar>('2026-03-29', '2026-02-30', 7),
      ref: fc.constantFrom(...VALUES.uuid, 'no uuid'),
      internal: fc.boolean(),
      ticket: fc.constantFrom('P1', 'a', '1', null, 'none'),
      purpose: fc.constantFrom(...PURPOSES),
      grant: fc.option(
        fc.record({
          record: fc.constantFrom(null, '1', 'a'),
          dataSubject: fc.constantFrom(null, '1', '01'),
          ends: fc.constantFrom(1n, 1n, 0n),
        }),
      ),
    })
    .map(({ internal, ticket, purpose, grant, word, words, number, ...attributes }) => ({
      now: NOW,
      principal: {
        kind: 'person',
        pseudonym: 'op-1' as Pseudonym,
        role: 'dpo',
        unit: 'a',
        attributes: { ...attributes, ...optional({ word, words, number }), none: [] },
      },
      contract: internal
        ? null
        : { id: 'aurora-2026' as ContractId, processor: 'aurora' as ProcessorId, state: 'active' },
      purpose,
      ticket:
        ticket === 'none'
          ? null
          : {
              id: 'T1' as TicketId,
              status: 'open',
              dataSubject: ticket,
              purpose: purpose as PurposeId,
              openedAt: NOW - 1n,
            },
      grant:
        grant === null
          ? null
          : {
              id: 'a' as GrantId,
              resource: 'thing' as ResourceName,
              record: grant.record,
              dataSubject: grant.dataSubject,
              action: 'read',
              purpose: purpose as PurposeId,
              ticket: null,
              expiresAt: NOW + grant.ends,
            },
      action: 'read',
      resource: 'thing',
    }))
}

/** A row with a NULL in every fourth place; values in JSON's types. */
export function arbitraryRecord(): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const fields = Object.entries(WORLD_FIELDS).map(
    ([name, type]) =>
      [
        name,
        name === 'id' ? fc.nat({ max: 2 ** 31 - 1 }) : fc.option(arbitraryValue(type), { freq: 4 }),
      ] as const,
  )
  return fc.record(Object.fromEntries(fields))
}

function arbitraryValue(type: FieldType): fc.Arbitrary<unknown> {
  const one = fc.constantFrom(...VALUES[type])
  return type === 'text[]' ? fc.array(fc.option(one, { freq: 6 }), { maxLength: 3 }) : one
}
