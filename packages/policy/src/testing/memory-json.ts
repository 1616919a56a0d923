import type { JsonPath } from '../records/record-source.ts'

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** What stands within a field's value, JSON text or an array, as PostgreSQL’s `#>` finds it; `undefined`: nothing. */
export function valueWithin(held: unknown, path: JsonPath): JsonValue | undefined {
  if (held === null || held === undefined) return undefined
  let value = (typeof held === 'string' ? JSON.parse(held) : held) as JsonValue | undefined
  for (const step of path) {
    if (value !== undefined && isList(value)) value = INTEGER.test(step) ? value.at(Number(step)) : undefined
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined
  }
  return value
}

const INTEGER = /^[+-]?\d+$/

/** As `->>` has it: a text without its quotes, and nothing for null. */
export function jsonText(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function jsonEquals(a: JsonValue, b: JsonValue): boolean {
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((each, index) => jsonEquals(each, b[index] ?? null))
  }
  if (isObject(a) && isObject(b)) {
    const names = Object.keys(a)
    return names.length === Object.keys(b).length && names.every((name) => memberEquals(a, b, name))
  }
  return a === b
}

/** As `@>`: an object all members, a list all elements wherever they stand; a list also a value that is one of them. */
export function jsonHolds(a: JsonValue, b: JsonValue): boolean {
  return holds(a, b) || (isList(a) && !isList(b) && !isObject(b) && a.some((each) => each === b))
}

function holds(a: JsonValue, b: JsonValue): boolean {
  if (isList(a) && isList(b)) return b.every((wanted) => a.some((each) => holds(each, wanted)))
  if (isObject(a) && isObject(b)) {
    return Object.entries(b).every(
      ([name, wanted]) => Object.hasOwn(a, name) && holds(a[name] ?? null, wanted),
    )
  }
  return a === b
}

const KINDS = ['null', 'string', 'number', 'boolean', 'list', 'object'] as const

/** Where a value stands in an order: first by its kind, then by its size, then by its text. */
export function jsonPlaceInOrder(value: JsonValue): readonly [kind: number, size: number, text: string] {
  const kind = value === null ? 'null' : isList(value) ? 'list' : typeof value
  return [
    KINDS.findIndex((each) => each === kind),
    typeof value === 'number' ? value : 0,
    jsonText(value) ?? '',
  ]
}

function memberEquals(a: JsonObject, b: JsonObject, name: string): boolean {
  return Object.hasOwn(b, name) && jsonEquals(a[name] ?? null, b[name] ?? null)
}

type JsonObject = { readonly [name: string]: JsonValue }

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
