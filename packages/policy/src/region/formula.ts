import type { FieldName } from '@varco/core'
import { isReference } from '../condition/bind-condition.ts'
import { keyOf, keyOrder, typeClass, type Key, type TypeClass } from '../condition/field-value.ts'
import type { FieldType } from '../bundle/schema.ts'
import type { Comparison, Condition, FieldTypes, Reference } from '../decision/condition.ts'

/** A field of the record, or a fact of the request, as something that may have any value of its type, or none. */
export interface Variable {
  readonly name: string
  readonly kind: TypeClass
  /** `integer` takes whole numbers only. */
  readonly type: FieldType
  readonly of: { readonly field: FieldName } | { readonly reference: Reference }
  /** A list, known by what it contains. */
  readonly list: boolean
}

export type Term = { readonly variable: Variable } | { readonly constant: Key }

/**
 * What rules say, over variables instead of one request and one record: three-valued, as conditions are.
 * `switch` is a fact that is simply so or not: that an open ticket was given, that a grant holds.
 */
export type Formula =
  | { readonly op: 'true' | 'false' | 'unknown' }
  | { readonly op: 'and' | 'or'; readonly of: readonly Formula[] }
  | { readonly op: 'not' | 'is-true' | 'is-not-false'; readonly of: Formula }
  | { readonly op: 'switch'; readonly name: string }
  /** Its value is its inside's; the text is how a person would say it. */
  | { readonly op: 'named'; readonly text: string; readonly of: Formula }
  | {
      readonly op: 'compare'
      readonly by: 'eq' | 'lt' | 'lte'
      readonly left: Term
      readonly right: Term
      readonly order: (a: Key, b: Key) => number
    }
  | { readonly op: 'exists'; readonly variable: Variable }
  /** `contains` is never unknown of a list that is there; `in` is where its left side is not. */
  | {
      readonly op: 'member'
      readonly item: Term
      readonly list: Variable
      readonly unknownItem: 'unknown' | 'unless-empty'
    }

export const TRUE: Formula = { op: 'true' }
export const FALSE: Formula = { op: 'false' }
const UNKNOWN: Formula = { op: 'unknown' }

export function allOf(parts: readonly Formula[]): Formula {
  return junction('and', parts, TRUE, FALSE)
}

export function anyOf(parts: readonly Formula[]): Formula {
  return junction('or', parts, FALSE, TRUE)
}

export function negation(of: Formula): Formula {
  if (of.op === 'true') return FALSE
  if (of.op === 'false') return TRUE
  return of.op === 'not' ? of.of : { op: 'not', of }
}

/** Folds constants and drops what is there already, by identity; the two-valued parts only. */
function junction(
  op: 'and' | 'or',
  parts: readonly Formula[],
  neutral: Formula,
  absorbing: Formula,
): Formula {
  const flat = [...new Set(parts.flatMap((part) => (part.op === op ? part.of : [part])))].filter(
    (part) => part.op !== neutral.op,
  )
  if (flat.some((part) => part.op === absorbing.op)) return absorbing
  if (flat.some((part) => part.op === 'not' && flat.includes(part.of))) return absorbing
  const needed = flat.filter((part) => !isImplied(op, part, flat))
  const [only] = needed
  if (only === undefined) return neutral
  return needed.length === 1 ? only : { op, of: needed }
}

/** `(A and B) or C` adds nothing beside `A` and `B`; nor does `(A or B) and C` as an alternative to `A` or `B`. */
function isImplied(op: 'and' | 'or', part: Formula, beside: readonly Formula[]): boolean {
  const inverse = op === 'and' ? 'or' : 'and'
  if (part.op !== inverse) return false
  return part.of.some((inner) =>
    (inner.op === op ? inner.of : [inner]).every((each) => beside.includes(each)),
  )
}

/** The formula in words: those its named parts were given. */
export function describeFormula(formula: Formula): string {
  switch (formula.op) {
    case 'true':
      return 'every row'
    case 'false':
      return 'no row'
    case 'named':
      return formula.text
    case 'and':
    case 'or':
      return formula.of
        .map((part) =>
          part.op === 'and' || part.op === 'or' ? `(${describeFormula(part)})` : describeFormula(part),
        )
        .join(` ${formula.op} `)
    case 'not':
      return `not (${describeFormula(formula.of)})`
    case 'switch':
      return formula.name
    default:
      return '…'
  }
}

/** What the facts that one cell fixes stand for: a constant, or `null` when the cell leaves it unknown. Others vary. */
export type Fixed = (reference: Reference) => Key | null | undefined

export function formulaOf(condition: Condition, types: FieldTypes, fixed: Fixed): Formula {
  const reader = new FormulaReader(types, fixed)
  return reader.read(condition)
}

class FormulaReader {
  readonly #types: FieldTypes
  readonly #fixed: Fixed

  constructor(types: FieldTypes, fixed: Fixed) {
    this.#types = types
    this.#fixed = fixed
  }

  read(condition: Condition): Formula {
    switch (condition.op) {
      case 'always':
        return TRUE
      case 'never':
        return FALSE
      case 'unknown':
        return UNKNOWN
      case 'and':
      case 'or':
        return { op: condition.op, of: condition.of.map((part) => this.read(part)) }
      case 'not':
      case 'is-true':
      case 'is-not-false':
        return { op: condition.op, of: this.read(condition.of) }
      case 'exists': {
        const exists: Formula = { op: 'exists', variable: this.#field(condition.field) }
        return condition.value ? exists : { op: 'not', of: exists }
      }
      case 'in':
        return this.#membership(condition.field, condition.values)
      case 'nin':
        return { op: 'not', of: this.#membership(condition.field, condition.values) }
      case 'between':
        return {
          op: 'and',
          of: [
            this.#compare('gte', condition.field, condition.from),
            this.#compare('lte', condition.field, condition.to),
          ],
        }
      case 'prefix':
        return this.#prefix(condition.field, condition.value)
      case 'contains':
        return this.#contains(condition.field, condition.value)
      default:
        return 'other' in condition
          ? this.#ordered(
              condition.op,
              { variable: this.#field(condition.field) },
              { variable: this.#field(condition.other) },
            )
          : this.#compare(condition.op, condition.field, condition.value)
    }
  }

  #field(field: FieldName): Variable {
    const type = this.#types.get(field)?.type ?? 'json'
    // The type is in the name: a field whose type a new bundle changes is another field.
    return {
      name: `record.${field}:${type}`,
      kind: typeClass(type),
      type,
      of: { field },
      list: typeClass(type) === 'list',
    }
  }

  /** Half of the operators are the other half's opposites, exactly so in three-valued logic. */
  #ordered(by: Comparison, left: Term, right: Term): Formula {
    const order = keyOrder('variable' in left ? left.variable.type : 'text')
    switch (by) {
      case 'neq':
        return { op: 'not', of: { op: 'compare', by: 'eq', left, right, order } }
      case 'gt':
        return { op: 'not', of: { op: 'compare', by: 'lte', left, right, order } }
      case 'gte':
        return { op: 'not', of: { op: 'compare', by: 'lt', left, right, order } }
      case 'eq':
      case 'lt':
      case 'lte':
        return { op: 'compare', by, left, right, order }
    }
  }

  #compare(by: Comparison, field: FieldName, value: unknown): Formula {
    const left = this.#field(field)
    const right = this.#term(left, value, typeClass(left.type))
    return right === null ? UNKNOWN : this.#ordered(by, { variable: left }, right)
  }

  #term(left: Variable, value: unknown, kind: TypeClass): Term | null {
    if (!isReference(value)) {
      const key = keyOf(left.type === 'text[]' ? 'text' : left.type, value)
      return key === null ? null : { constant: key }
    }
    const fixed = this.#fixed(value)
    if (fixed === null) return null
    if (fixed !== undefined) {
      const key = keyOf(left.type === 'text[]' ? 'text' : left.type, fixed)
      return key === null ? null : { constant: key }
    }
    return {
      variable: {
        name: `${value.scope}.${value.name}:${kind}`,
        kind,
        type: left.type === 'text[]' ? 'text' : left.type,
        of: { reference: value },
        list: false,
      },
    }
  }

  #membership(field: FieldName, values: readonly unknown[] | Reference): Formula {
    const left = this.#field(field)
    if (!isReference(values)) {
      const parts = values.map((value) => this.#compare('eq', field, value))
      return parts.length === 0 ? FALSE : { op: 'or', of: parts }
    }
    const fixed = this.#fixed(values)
    if (fixed === null) return UNKNOWN
    if (fixed !== undefined) return this.#compare('eq', field, values)
    const list: Variable = {
      name: `${values.scope}.${values.name}[]:${left.kind}`,
      kind: left.kind,
      type: left.type,
      of: { reference: values },
      list: true,
    }
    return { op: 'member', item: { variable: left }, list, unknownItem: 'unless-empty' }
  }

  #contains(field: FieldName, value: unknown): Formula {
    const list = this.#field(field)
    const item = this.#term(list, value, 'text')
    return item === null ? UNKNOWN : { op: 'member', item, list, unknownItem: 'unknown' }
  }

  /** The texts that start so are an interval of the code point order. */
  #prefix(field: FieldName, start: string): Formula {
    const left: Term = { variable: this.#field(field) }
    const end = afterPrefix(start)
    const from = this.#ordered('gte', left, { constant: start })
    return end === null ? from : { op: 'and', of: [from, this.#ordered('lt', left, { constant: end })] }
  }
}

/** The least text above every text that starts with `start`; `null` when there is none. */
function afterPrefix(start: string): string | null {
  const points = Array.from(start)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const code = last.codePointAt(0) ?? 0
    if (code < 0x10ffff)
      return `${points.join('')}${String.fromCodePoint(code === 0xd7ff ? 0xe000 : code + 1)}`
  }
  return null
}
