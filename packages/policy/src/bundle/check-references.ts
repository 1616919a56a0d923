import { Temporal } from 'temporal-polyfill'
import { RESERVED_NAMES } from '../condition/read-where.ts'
import { REASONS } from '../decision/reasons.ts'
import { INTERNAL } from '../decision/rule-index.ts'
import { checkUpstreamRecords } from './check-upstream-records.ts'
import { checkUpstreams } from './check-upstreams.ts'
import { checkRetention } from './check-retention.ts'
import { cyclesOf } from './cycles-of.ts'
import { mayBeLonger } from './may-be-longer.ts'
import type { DocumentPath, ProblemList } from './problem-list.ts'
import {
  isRangeType,
  type BundleDocument,
  type CatalogueDocument,
  type FieldType,
  type MaskName,
  type RuleDocument,
} from './schema.ts'

/** The names a bundle declares, by kind. */
interface Names {
  readonly resources: ReadonlyMap<string, CatalogueDocument>
  /** Of each resource, its fields' types. */
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, FieldType>>
  readonly categories: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  readonly units: ReadonlySet<string>
  readonly purposes: ReadonlySet<string>
  /** With `internal`. */
  readonly contracts: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
}

/** Everything that a schema of one file cannot see: names that must exist elsewhere, and what must agree. */
export function checkReferences(document: BundleDocument, problems: ProblemList): void {
  const names: Names = {
    resources: new Map(document.catalogue.map((file) => [file.resource, file])),
    fields: new Map(document.catalogue.map((file) => [file.resource, fieldTypes(file)])),
    categories: keys(document.varco.categories),
    roles: keys(document.varco.roles),
    units: keys(document.varco.units),
    purposes: keys(document.purposes),
    contracts: new Set([
      INTERNAL,
      ...document.processors.flatMap(({ contracts }) => contracts.map(({ id }) => id)),
    ]),
    kinds: keys(document.varco.data_subjects),
  }
  checkController(document, names, problems)
  checkCatalogue(document, names, problems)
  for (const [id, purpose] of Object.entries(document.purposes)) {
    purpose.categories.forEach((category, index) =>
      problems.known(['purposes', id, 'categories', index], 'category', category, names.categories),
    )
  }
  checkProcessors(document, names, problems)
  checkAccess(document, names, problems)
  checkRetention(document, problems)
  checkCases(document, names, problems)
  checkOversight(document, names, problems)
  checkUpstreams(document, problems)
  checkUpstreamRecords(document, problems)
}

function keys(record: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set(Object.keys(record))
}

function checkController({ varco }: BundleDocument, names: Names, problems: ProblemList): void {
  if (!isTimeZone(varco.time_zone))
    problems.add(
      ['varco', 'time_zone'],
      `unknown time zone "${varco.time_zone}"`,
      'an IANA name such as Europe/Rome',
    )
  if (mayBeLonger(varco.log.floor, varco.log.ceiling))
    problems.add(
      ['varco', 'log', 'ceiling'],
      'the ceiling may be shorter than the floor',
      `at least ${varco.log.floor}`,
    )
  const { approver_roles: approvers = [], break_glass: emergency } = varco.grants ?? {}
  approvers.forEach((role, index) =>
    problems.known(['varco', 'grants', 'approver_roles', index], 'role', role, names.roles),
  )
  varco.contract_management?.roles.forEach((role, index) =>
    problems.known(['varco', 'contract_management', 'roles', index], 'role', role, names.roles),
  )
  emergency?.roles.forEach((role, index) =>
    problems.known(['varco', 'grants', 'break_glass', 'roles', index], 'role', role, names.roles),
  )
  for (const [kind, subject] of Object.entries(varco.data_subjects)) {
    const path = ['varco', 'data_subjects', kind]
    if (!problems.known([...path, 'resource'], 'resource', subject.resource, names.resources)) continue
    const fields = fieldsOf(names, subject.resource)
    for (const part of ['find_by', 'name'] as const) {
      subject[part].forEach((field, index) => {
        problems.known([...path, part, index], 'field', field, fields)
        if (part === 'find_by') checkNoRange([...path, part, index], fields.get(field), problems)
      })
    }
  }
}

function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

function checkCatalogue(document: BundleDocument, names: Names, problems: ProblemList): void {
  problems.unique(
    'resource',
    document.catalogue.map(({ resource: name }, index) => ({ name, path: ['catalogue', index, 'resource'] })),
  )
  document.catalogue.forEach((file, index) => {
    const path = ['catalogue', index]
    const fields = fieldTypes(file)
    problems.known([...path, 'key'], 'field', file.key, fields)
    checkNoRange([...path, 'key'], fields.get(file.key), problems)
    if (file.owner !== undefined) problems.known([...path, 'owner'], 'unit', file.owner, names.units)
    if (file.data_subject !== undefined) {
      problems.known([...path, 'data_subject', 'kind'], 'data subject', file.data_subject.kind, names.kinds)
      problems.known([...path, 'data_subject', 'field'], 'field', file.data_subject.field, fields)
      checkNoRange([...path, 'data_subject', 'field'], fields.get(file.data_subject.field), problems)
    }
    for (const [name, field] of Object.entries(file.fields)) {
      if (RESERVED_NAMES.has(name))
        problems.add(
          [...path, 'fields', name],
          `no field may be called "${name}"`,
          'another name: conditions use this one',
        )
      problems.known([...path, 'fields', name, 'category'], 'category', field.category, names.categories)
    }
    for (const [name, relation] of Object.entries(file.relations)) {
      const here = [...path, 'relations', name]
      problems.known([...here, 'field'], 'field', relation.field, fields)
      checkNoRange([...here, 'field'], fields.get(relation.field), problems)
      if (!problems.known([...here, 'resource'], 'resource', relation.resource, names.resources)) continue
      const others = fieldsOf(names, relation.resource)
      problems.known([...here, 'to'], 'field', relation.to, others)
      checkNoRange([...here, 'to'], others.get(relation.to), problems)
    }
  })
  checkCycles(document, problems)
}

/** Ranges that are equal may be written differently: by their text nobody can say which record is meant. */
function checkNoRange(path: DocumentPath, type: FieldType | undefined, problems: ProblemList): void {
  if (type !== undefined && isRangeType(type))
    problems.add(path, `a ${type} field identifies nothing`, 'a field of another type')
}

/** A record's owner may not, through owners of owners, be a record of its own kind: nothing could say which goes first. */
function checkCycles(document: BundleDocument, problems: ProblemList): void {
  const cycles = cyclesOf(
    new Map(
      document.catalogue.map(({ resource, relations }) => [
        resource,
        new Set(
          Object.values(relations)
            .filter(({ many }) => !many)
            .map((relation) => relation.resource),
        ),
      ]),
    ),
  )
  document.catalogue.forEach(({ resource, relations }, index) => {
    for (const [name, relation] of Object.entries(relations)) {
      if (!relation.many && cycles.get(resource)?.has(relation.resource) === true) {
        problems.add(
          ['catalogue', index, 'relations', name],
          `relations lead from ${resource} back to ${resource}`,
          'no cycle; mark the way back with "many: true"',
        )
      }
    }
  })
}

function checkProcessors(document: BundleDocument, names: Names, problems: ProblemList): void {
  const at = document.processors.map((processor, index) => ({
    processor,
    path: ['processors', index] as DocumentPath,
  }))
  problems.unique(
    'processor',
    at.map(({ processor, path }) => ({ name: processor.processor, path: [...path, 'processor'] })),
  )
  problems.unique('issuer', [
    {
      name: document.varco.controller.identity_provider.issuer,
      path: ['varco', 'controller', 'identity_provider', 'issuer'],
    },
    ...at.map(({ processor, path }) => ({
      name: processor.identity_provider.issuer,
      path: [...path, 'identity_provider', 'issuer'],
    })),
  ])
  problems.unique(
    'contract',
    at.flatMap(({ processor, path }) =>
      processor.contracts.map(({ id }, index) => ({ name: id, path: [...path, 'contracts', index, 'id'] })),
    ),
  )
  for (const { processor, path } of at) {
    processor.contracts.forEach((contract, index) => {
      const here = [...path, 'contracts', index]
      if (contract.id === INTERNAL)
        problems.add(
          [...here, 'id'],
          `no contract may be called "${INTERNAL}"`,
          'another id: rules call the body’s own staff so',
        )
      if (contract.from > contract.to)
        problems.add([...here, 'to'], 'the contract ends before it starts', `${contract.from} or later`)
      contract.annex.forEach(({ purpose }, item) =>
        problems.known([...here, 'annex', item, 'purpose'], 'purpose', purpose, names.purposes),
      )
      problems.unique(
        'annex purpose',
        contract.annex.map(({ purpose }, item) => ({
          name: purpose,
          path: [...here, 'annex', item, 'purpose'],
        })),
      )
    })
  }
}

function checkAccess(document: BundleDocument, names: Names, problems: ProblemList): void {
  problems.unique(
    'rule',
    document.access.map(({ id }, index) => ({ name: id, path: ['access', index, 'id'] })),
  )
  document.access.forEach((rule, index) => {
    const path: DocumentPath = ['access', index]
    problems.allKnown([...path, 'role'], 'role', rule.role, names.roles)
    problems.allKnown([...path, 'purposes'], 'purpose', rule.purposes, names.purposes)
    problems.allKnown([...path, 'contracts'], 'contract', rule.contracts, names.contracts)
    if (!problems.known([...path, 'resource'], 'resource', rule.resource, names.resources)) return
    checkRuleFields(rule, path, fieldsOf(names, rule.resource), problems)
    if (rule.effect === 'permit') checkPermit(rule, path, document, names, problems)
    else checkForbid(rule, path, problems)
  })
}

function checkRuleFields(
  rule: RuleDocument,
  path: DocumentPath,
  fields: ReadonlyMap<string, FieldType>,
  problems: ProblemList,
): void {
  const named = namedFields(rule)
  if (
    new Set(named.map(({ name }) => name)).size < named.length ||
    !named.every(({ name }) => fields.has(name))
  ) {
    const placed = named.map(({ name, at }) => ({ name, path: [...path, 'fields', ...at] }))
    for (const { name, path: place } of placed) problems.known(place, 'field', name, fields)
    problems.unique('field', placed)
  }
  for (const [name, mask] of Object.entries(rule.fields?.masked ?? {})) {
    const type = fields.get(name)
    const expected = type === undefined ? null : maskExpectation(mask, type)
    if (expected !== null)
      problems.add([...path, 'fields', 'masked', name], `mask ${mask} does not fit a ${type} field`, expected)
  }
}

function namedFields(rule: RuleDocument): readonly { readonly name: string; readonly at: DocumentPath }[] {
  return [
    ...(rule.fields?.plain ?? []).map((name, index) => ({ name, at: ['plain', index] })),
    ...Object.keys(rule.fields?.masked ?? {}).map((name) => ({ name, at: ['masked', name] })),
    ...(rule.fields?.hidden ?? []).map((name, index) => ({ name, at: ['hidden', index] })),
  ]
}

function maskExpectation(mask: MaskName, type: FieldType): string | null {
  switch (mask) {
    case 'year':
      return type === 'date' || type === 'timestamp' ? null : 'a date or timestamp field'
    case 'last4':
    case 'partial':
      return type === 'text' || type === 'integer' || type === 'uuid' ? null : 'a text, integer or uuid field'
    case 'redact':
    case 'hmac':
      return null
  }
}

function checkPermit(
  rule: RuleDocument,
  path: DocumentPath,
  document: BundleDocument,
  names: Names,
  problems: ProblemList,
): void {
  if (rule.role === undefined) problems.add(path, `rule "${rule.id}" permits without naming a role`, 'role')
  if (rule.purposes === undefined)
    problems.add(path, `rule "${rule.id}" permits without naming a purpose`, 'purposes')
  const shown = namedFields(rule).filter(({ at }) => at[0] !== 'hidden')
  if (shown.length === 0 && rule.actions.some((action) => action !== 'count')) {
    problems.add(
      [...path, 'fields'],
      `rule "${rule.id}" permits but shows no field`,
      'fields that are plain or masked',
    )
  }
  if (rule.require.grant && names.resources.get(rule.resource)?.owner === undefined) {
    problems.add(
      [...path, 'require', 'grant'],
      `nobody can grant "${rule.resource}": its catalogue file names no owner`,
      'owner: the unit that answers for it',
    )
  }
  if (rule.actions.includes('update')) checkUpdate(rule, path, names, problems)
  // Data minimisation (GDPR Art. 5(1)(c)): what a purpose may process is what the register says it does.
  const catalogue = names.resources.get(rule.resource)
  const categoryOf = (field: string): string | undefined => catalogue?.fields[field]?.category
  const categories = new Set(shown.flatMap(({ name }) => categoryOf(name) ?? []))
  for (const purpose of new Set(rule.purposes)) {
    const declared = Object.hasOwn(document.purposes, purpose) ? document.purposes[purpose] : undefined
    // Looked for once a category, for most rules show many fields of few.
    if (declared === undefined || [...categories].every((each) => declared.categories.includes(each)))
      continue
    for (const { name, at } of shown) {
      const category = categoryOf(name)
      if (category !== undefined && !declared.categories.includes(category)) {
        problems.add(
          [...path, 'fields', ...at],
          `field "${name}" is of category "${category}", which purpose "${purpose}" does not process`,
          `a field of category ${declared.categories.join(', ')}`,
        )
      }
    }
  }
}

/** What is plain under `update` may be written: nobody should make a field writable by a word too many in a list of actions. */
function checkUpdate(rule: RuleDocument, path: DocumentPath, names: Names, problems: ProblemList): void {
  if (rule.actions.length > 1) {
    problems.add(
      [...path, 'actions'],
      `rule "${rule.id}" permits update beside other actions`,
      'a rule of its own for update: what is plain there may be written',
    )
    return
  }
  if (Object.keys(rule.fields?.masked ?? {}).length > 0)
    problems.add(
      [...path, 'fields', 'masked'],
      'a field is written or not, never masked',
      'plain fields only',
    )
  const catalogue = names.resources.get(rule.resource)
  const fixed = [catalogue?.key, catalogue?.data_subject?.field]
  rule.fields?.plain.forEach((name, index) => {
    if (fixed.includes(name))
      problems.add(
        [...path, 'fields', 'plain', index],
        `field "${name}" says which record it is and whose: it cannot be written`,
        'another field',
      )
  })
}

function checkForbid(rule: RuleDocument, path: DocumentPath, problems: ProblemList): void {
  const { fields, require } = rule
  if (fields !== undefined && (fields.plain.length > 0 || Object.keys(fields.masked).length > 0)) {
    problems.add([...path, 'fields'], 'a forbid shows nothing', 'hidden fields only')
  } else if (fields !== undefined && fields.hidden.length === 0) {
    problems.add(
      [...path, 'fields'],
      'the forbid hides no field',
      'hidden fields, or no "fields" to forbid the whole record',
    )
  }
  if (Object.keys(require).length > 2 || require.ticket !== 'none' || require.grant) {
    problems.add([...path, 'require'], 'a forbid requires nothing of the caller', 'no "require"')
  }
}

function checkCases(document: BundleDocument, names: Names, problems: ProblemList): void {
  problems.unique(
    'case',
    document.cases.map(({ id }, index) => ({ name: id, path: ['cases', index, 'id'] })),
  )
  document.cases.forEach((golden, index) => {
    const path: DocumentPath = ['cases', index]
    const expects = new Set(golden.expect.reasons)
    golden.expect.reasons?.forEach((code, item) =>
      problems.known([...path, 'expect', 'reasons', item], 'reason', code, keys(REASONS)),
    )
    problems.known([...path, 'as', 'role'], 'role', golden.as.role, names.roles)
    problems.known([...path, 'as', 'unit'], 'unit', golden.as.unit, names.units)
    if (!expects.has('unknown-contract'))
      problems.known([...path, 'as', 'contract'], 'contract', golden.as.contract, names.contracts)
    if (golden.purpose !== undefined && !expects.has('unknown-purpose'))
      problems.known([...path, 'purpose'], 'purpose', golden.purpose, names.purposes)
    if (golden.ticket !== undefined && golden.ticket !== 'unknown')
      problems.known([...path, 'ticket', 'purpose'], 'purpose', golden.ticket.purpose, names.purposes)
    if (expects.has('unknown-resource')) return
    if (!problems.known([...path, 'resource'], 'resource', golden.resource, names.resources)) return
    const fields = fieldsOf(names, golden.resource)
    for (const outcome of ['plain', 'masked', 'hidden'] as const) {
      golden.expect[outcome]?.forEach((field, item) =>
        problems.known([...path, 'expect', outcome, item], 'field', field, fields),
      )
    }
    for (const field of Object.keys(golden.record ?? {}))
      problems.known([...path, 'record', field], 'field', field, fields)
  })
}

function checkOversight({ oversight, varco }: BundleDocument, names: Names, problems: ProblemList): void {
  if (oversight === undefined) return
  oversight.expected_roles.forEach((role, index) =>
    problems.known(['oversight', 'expected_roles', index], 'role', role, names.roles),
  )
  oversight.alerts['no-ticket'].purposes?.forEach((purpose, index) =>
    problems.known(
      ['oversight', 'alerts', 'no-ticket', 'purposes', index],
      'purpose',
      purpose,
      names.purposes,
    ),
  )
  for (const contract of Object.keys(oversight.ticket_prices))
    problems.known(['oversight', 'ticket_prices', contract], 'contract', contract, names.contracts)
  for (const [kind, compared] of Object.entries(oversight.people)) {
    if (!problems.known(['oversight', 'people', kind], 'data subject', kind, names.kinds)) continue
    const fields = fieldsOf(names, varco.data_subjects[kind]?.resource ?? '')
    for (const [part, field] of Object.entries(compared))
      if (field !== undefined) problems.known(['oversight', 'people', kind, part], 'field', field, fields)
  }
}

function fieldTypes({ fields }: CatalogueDocument): ReadonlyMap<string, FieldType> {
  return new Map(Object.entries(fields).map(([name, { type }]) => [name, type]))
}

const NO_FIELDS: ReadonlyMap<string, FieldType> = new Map()

function fieldsOf(names: Names, resource: string): ReadonlyMap<string, FieldType> {
  return names.fields.get(resource) ?? NO_FIELDS
}
