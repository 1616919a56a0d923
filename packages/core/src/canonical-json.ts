import canonicalize from 'canonicalize'
import { InvariantError } from './errors.ts'

/** What JSON can hold. 64-bit integers travel as strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** RFC 8785 canonical JSON: the one form that is hashed and signed. */
export function canonicalJson(value: Json): string {
  const text = plainJson(value) ?? canonicalize(value)
  if (text === undefined) throw new InvariantError('value has no canonical JSON form')
  return text
}

/**
 * The same through the engine's own `JSON.stringify`, which writes numbers and texts as RFC 8785 does and a large policy
 * several times faster; `null` for what it would write otherwise, or not at all: that is the library's.
 */
function plainJson(value: Json): string | null {
  const sorted = inOrder(value, 0)
  if (sorted === ODD) return null
  const text = JSON.stringify(sorted)
  // A lone surrogate, or what looks like one: RFC 8785 has no form for it.
  return text === undefined || text.includes('\\ud') ? null : text
}

const ODD: unique symbol = Symbol('odd')
const DEEPEST = 100
/** JavaScript lists such keys first, whenever they were set; and this one would set a prototype. */
const UNORDERED_KEY = /^\d+$|^__proto__$/

/** A copy whose keys were set in the order of their UTF-16 code units; `ODD` where that is not enough. */
function inOrder(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'number':
      return Number.isFinite(value) ? value : ODD
    case 'object':
      return value === null ? null : objectInOrder(value, depth)
    default:
      return ODD
  }
}

function objectInOrder(value: object, depth: number): unknown {
  if (depth > DEEPEST) return ODD
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    for (const item of value as readonly unknown[]) {
      const inner = inOrder(item, depth + 1)
      if (inner === ODD) return ODD
      copy.push(inner)
    }
    return copy
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return ODD
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value).sort()) {
    if (UNORDERED_KEY.test(key)) return ODD
    const inner = inOrder((value as Readonly<Record<string, unknown>>)[key], depth + 1)
    if (inner === ODD) return ODD
    copy[key] = inner
  }
  return copy
}
