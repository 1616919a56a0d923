import type { FieldName } from '@varco/core'
import { nearestName } from '../bundle/nearest-name.ts'
import type { DocumentPath, ProblemList } from '../bundle/problem-list.ts'
import type { FieldType, WhereDocument } from '../bundle/schema.ts'
import {
  COMPARISONS,
  type Comparison,
  type Condition,
  type Constant,
  type FieldTypes,
  type Reference,
} from '../decision/condition.ts'
import type { Scalar } from '../decision/request.ts'
import { isReference } from './bind-condition.ts'
import { toConstant, typeClass, type TypeClass } from './field-value.ts'

/** Names a `where` uses itself: no field may be called so. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['and', 'or', 'not'])

/** Deeper than any rule a person can still read. */
export const DEEPEST_WHERE = 16
/** Comparisons and connectives of one condition, for each is tried on each record. */
const MOST_PARTS = 1_000

const OPERATORS = [...COMPARISONS, 'in', 'nin', 'between', 'exists', 'contains', 'prefix'] as const
type Operator = (typeof OPERATORS)[number]

/** Of types that not all operators apply to, those that do. */
const ONLY: Readonly<Partial<Record<TypeClass, readonly Operator[]>>> = {
  list: ['contains', 'exists'],
  range: ['exists'],
  opaque: [],
}

/** What `$scope.name` may name, with its type; a principal's other attributes are typed when they are known. */
const REFERENCES: Readonly<
  Record<Exclude<Reference['scope'], 'now'>, Readonly<Record<string, FieldType | 'any'>>>
> = {
  principal: { kind: 'text', pseudonym: 'text', role: 'text', unit: 'text' },
  contract: { id: 'text', processor: 'text', from: 'date', to: 'date' },
  ticket: { id: 'text', status: 'text', purpose: 'text', data_subject: 'any', opened_at: 'timestamp' },
  grant: { id: 'text', resource: 'text', record: 'any', data_subject: 'any', expires_at: 'timestamp' },
}

/**
 * Turns a rule's `where` into a condition, checking each operator and value against the fields' types. A part that says
 * nothing, which a program can hand over though no file can hold it, is a problem: it must not read as "always".
 */
export function readWhere(
  where: WhereDocument | undefined,
  fields: FieldTypes,
  path: DocumentPath,
  problems: ProblemList,
): Condition {
  return new WhereReader(fields, problems).all(where, path, 1)
}

class WhereReader {
  readonly #fields: FieldTypes
  readonly #problems: ProblemList
  #parts = 0

  constructor(fields: FieldTypes, problems: ProblemList) {
    this.#fields = fields
    this.#problems = problems
  }

  all(where: WhereDocument | undefined, path: DocumentPath, depth: number): Condition {
    if (where === undefined) return this.#wrong(path, 'the condition says nothing', 'a condition')
    if (depth > DEEPEST_WHERE) {
      this.#problems.add(path, 'the condition is nested too deep', `at most ${DEEPEST_WHERE} levels`)
      return { op: 'unknown' }
    }
    this.#parts += Object.keys(where).length
    if (this.#parts > MOST_PARTS) {
      // Told once, where it became too much.
      if (this.#parts !== Infinity)
        this.#problems.add(path, 'the condition has too many parts', `at most ${MOST_PARTS}`)
      this.#parts = Infinity
      return { op: 'unknown' }
    }
    const parts: Condition[] = []
    for (const [key, value] of Object.entries(where)) {
      const here = [...path, key]
      if (value === undefined) {
        parts.push(this.#wrong(here, 'the condition says nothing', 'a condition'))
      } else if (key === 'and' || key === 'or') {
        const list = value as readonly WhereDocument[]
        parts.push({ op: key, of: list.map((part, index) => this.all(part, [...here, index], depth + 1)) })
      } else if (key === 'not') {
        parts.push({ op: 'not', of: this.all(value as WhereDocument, here, depth + 1) })
      } else {
        parts.push(...this.#comparisons(key, value as Readonly<Record<string, unknown>>, here))
      }
    }
    const [only] = parts
    if (only === undefined) return this.#wrong(path, 'the condition says nothing', 'a condition')
    return parts.length === 1 ? only : { op: 'and', of: parts }
  }

  #comparisons(
    name: string,
    operators: Readonly<Record<string, unknown>>,
    path: DocumentPath,
  ): readonly Condition[] {
    const field = name as FieldName
    const declared = this.#fields.get(field)
    if (declared === undefined) {
      this.#problems.known(path, 'field', name, this.#fields)
      return [{ op: 'unknown' }]
    }
    return OPERATORS.filter((op) => op in operators).map((op) =>
      operators[op] === undefined
        ? this.#wrong([...path, op], `${op} compares with nothing`, 'a value')
        : this.#comparison(op, field, declared.type, operators[op], [...path, op]),
    )
  }

  #comparison(
    op: Operator,
    field: FieldName,
    type: FieldType,
    value: unknown,
    path: DocumentPath,
  ): Condition {
    const kind = typeClass(type)
    const only = ONLY[kind]
    if (only !== undefined && !only.includes(op)) {
      return this.#wrong(
        path,
        `${op} does not apply to a ${type} field`,
        only.length > 0 ? only.join(' or ') : 'a field of another type',
      )
    }
    switch (op) {
      case 'exists':
        return { op, field, value: value === true }
      case 'prefix':
        return kind === 'text'
          ? this.#prefix(field, String(value), path)
          : this.#wrong(path, `prefix does not apply to a ${type} field`, 'a text field')
      case 'contains':
        if (kind !== 'list')
          return this.#wrong(path, `contains does not apply to a ${type} field`, 'a text[] field')
        return this.#withValue(type, value as Scalar, path, (bound) => ({ op, field, value: bound }))
      case 'in':
      case 'nin':
        return this.#membership(op, field, type, value as string | readonly Scalar[], path)
      case 'between': {
        const [from, to] = value as readonly [Scalar, Scalar]
        return {
          op: 'and',
          of: [
            this.#ordered('gte', field, type, from, [...path, 0]),
            this.#ordered('lte', field, type, to, [...path, 1]),
          ],
        }
      }
      default:
        return this.#ordered(op, field, type, value as Scalar, path)
    }
  }

  #ordered(op: Comparison, field: FieldName, type: FieldType, value: Scalar, path: DocumentPath): Condition {
    if (typeof value === 'string' && value.startsWith('$record.'))
      return this.#otherField(op, field, type, value.slice('$record.'.length), path)
    return this.#withValue(type, value, path, (bound) => ({ op, field, value: bound }))
  }

  #otherField(
    op: Comparison,
    field: FieldName,
    type: FieldType,
    name: string,
    path: DocumentPath,
  ): Condition {
    const other = name as FieldName
    const declared = this.#fields.get(other)
    if (declared === undefined) {
      this.#problems.known(path, 'field', name, this.#fields)
      return { op: 'unknown' }
    }
    if (typeClass(declared.type) !== typeClass(type))
      return this.#wrong(
        path,
        `a ${type} field does not compare with a ${declared.type} field`,
        `a ${type} field`,
      )
    return { op, field, other }
  }

  #membership(
    op: 'in' | 'nin',
    field: FieldName,
    type: FieldType,
    value: string | readonly Scalar[],
    path: DocumentPath,
  ): Condition {
    if (typeof value === 'string') {
      const reference = this.#reference(value, type, path)
      return reference === null ? { op: 'unknown' } : { op, field, values: reference }
    }
    const values = value.map((item, index) => this.#value(item, type, [...path, index]))
    if (values.length === 0) return this.#wrong(path, `${op} needs at least one value`, 'a list of values')
    if (values.some(isReference))
      return this.#wrong(
        path,
        'a list holds constants only',
        'a list of constants, or one reference such as $principal.units',
      )
    return { op, field, values: values.flatMap((item) => (item === null || isReference(item) ? [] : [item])) }
  }

  #prefix(field: FieldName, start: string, path: DocumentPath): Condition {
    const literal = start.startsWith('$$') ? start.slice(1) : start
    if (start.startsWith('$') && !start.startsWith('$$'))
      return this.#wrong(path, 'prefix takes a constant', 'a text ($$ for a dollar sign)')
    return toConstant('text', literal) === null
      ? this.#wrong(path, 'the text has characters no record can hold', 'a text')
      : { op: 'prefix', field, value: literal }
  }

  #withValue(
    type: FieldType,
    value: Scalar,
    path: DocumentPath,
    make: (bound: Constant | Reference) => Condition,
  ): Condition {
    const bound = this.#value(value, type, path)
    return bound === null ? { op: 'unknown' } : make(bound)
  }

  #value(value: Scalar, type: FieldType, path: DocumentPath): Constant | Reference | null {
    if (typeof value === 'string' && value.startsWith('$') && !value.startsWith('$$'))
      return this.#reference(value, type, path)
    const literal = typeof value === 'string' && value.startsWith('$$') ? value.slice(1) : value
    const constant = rightKind(type, literal) ? toConstant(type, literal) : null
    if (constant === null)
      this.#problems.add(path, `${JSON.stringify(value)} is not a value of a ${type} field`, describe(type))
    return constant
  }

  #reference(text: string, type: FieldType, path: DocumentPath): Reference | null {
    const match = /^\$(?:(now)|([a-z]+)\.([a-z_][a-z0-9_]*))$/.exec(text)
    if (match?.[1] === 'now') {
      if (typeClass(type) === 'date' || typeClass(type) === 'timestamp') return { scope: 'now', name: '' }
      this.#problems.add(path, `$now does not compare with a ${type} field`, 'a date or timestamp field')
      return null
    }
    const scope = match?.[2] ?? ''
    const name = match?.[3] ?? ''
    if (!isScope(scope)) {
      const known = [
        '$now',
        ...Object.entries(REFERENCES).flatMap(([key, names]) =>
          Object.keys(names).map((each) => `$${key}.${each}`),
        ),
      ]
      this.#problems.add(
        path,
        `unknown reference "${text}"`,
        '$principal.*, $contract.*, $ticket.*, $grant.*, $record.* or $now',
        nearestName(text, known),
      )
      return null
    }
    const referenced = Object.hasOwn(REFERENCES[scope], name)
      ? REFERENCES[scope][name]
      : scope === 'principal'
        ? 'any'
        : undefined
    if (referenced === undefined) {
      this.#problems.add(
        path,
        `unknown reference "${text}"`,
        `one of ${Object.keys(REFERENCES[scope])
          .map((each) => `$${scope}.${each}`)
          .join(', ')}`,
        prefixed(scope, nearestName(name, Object.keys(REFERENCES[scope]))),
      )
      return null
    }
    if (
      referenced !== 'any' &&
      typeClass(referenced) !== typeClass(type) &&
      !(typeClass(type) === 'list' && referenced === 'text')
    ) {
      this.#problems.add(
        path,
        `${text} is a ${referenced} and does not compare with a ${type} field`,
        `a ${type}`,
      )
      return null
    }
    return { scope, name }
  }

  #wrong(path: DocumentPath, message: string, expected: string): Condition {
    this.#problems.add(path, message, expected)
    return { op: 'unknown' }
  }
}

function isScope(text: string): text is Exclude<Reference['scope'], 'now'> {
  return Object.hasOwn(REFERENCES, text)
}

function prefixed(scope: string, name: string | null): string | null {
  return name === null ? null : `$${scope}.${name}`
}

/** A quoted number is no number, a number no text: YAML's own types must agree, lest `007` lose its zeros unseen. */
function rightKind(type: FieldType, value: Scalar): boolean {
  switch (typeClass(type)) {
    case 'boolean':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number'
        ? Number.isSafeInteger(value) || (type === 'decimal' && isAsWritten(value))
        : typeof value === 'string' && type === 'decimal'
    case 'text':
    case 'uuid':
    case 'date':
    case 'timestamp':
    case 'list':
      return typeof value === 'string'
    case 'range':
    case 'opaque':
      return false
  }
}

/** Fewer digits than a double holds: what was written has not been rounded on the way here. */
function isAsWritten(value: number): boolean {
  const digits = String(value)
    .replace(/e.*$/, '')
    .replaceAll(/[^0-9]/g, '')
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && digits.length <= 15
}

function describe(type: FieldType): string {
  switch (typeClass(type)) {
    case 'text':
    case 'list':
      return 'a text (in quotes if it looks like something else)'
    case 'number':
      return type === 'integer' ? 'a whole number' : 'a number, in quotes if it has more than 15 digits'
    case 'boolean':
      return 'true or false'
    case 'date':
      return 'a date such as 2026-03-29'
    case 'timestamp':
      return 'an instant with its offset, such as 2026-03-29T03:30:00+02:00'
    case 'uuid':
      return 'a UUID'
    case 'range':
    case 'opaque':
      return 'a field of another type'
  }
}
