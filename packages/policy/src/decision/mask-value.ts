import { createHmac } from 'node:crypto'
import { canonicalJson, type Json } from '@varco/core'
import type { MaskName } from '../bundle/schema.ts'

/** Secrets that masks need; injected, at least 32 bytes, the same on every node. */
export interface MaskKeys {
  readonly hmac: Uint8Array
}

/** In place of what is not shown: of one length, so that it tells nothing of the value's. */
const VEIL = '***'

/** A value masked never shows more than half of its characters. */
const SHORTEST_FOR_LAST4 = 8
const SHORTEST_FOR_PARTIAL = 4

/**
 * What is shown of a value under a mask. NULL stays NULL, but under `redact`, which does not even tell that.
 * `hmac`: HMAC-SHA-256, its first 132 bits in base64url; equal values give equal texts under one key.
 */
export function maskValue(mask: MaskName, value: unknown, keys: MaskKeys): unknown {
  if (mask === 'redact') return VEIL
  if (value === null || value === undefined) return null
  switch (mask) {
    case 'last4': {
      const text = charactersOf(textOf(value))
      return text.length < SHORTEST_FOR_LAST4 ? VEIL : `${VEIL}${joined(text.slice(-4))}`
    }
    case 'partial': {
      const text = charactersOf(textOf(value))
      return text.length < SHORTEST_FOR_PARTIAL ? VEIL : `${text[0]}${VEIL}${text.at(-1)}`
    }
    case 'year':
      return /^(\d{4,6})-\d{2}-\d{2}/.exec(textOf(value))?.[1] ?? VEIL
    case 'hmac':
      return createHmac('sha256', keys.hmac).update(textOf(value)).digest('base64url').slice(0, 22)
  }
}

/** A text whose characters are all of one unit is its own list of them; making one would cost more than the mask. */
function charactersOf(text: string): string | readonly string[] {
  return SURROGATE.test(text) ? Array.from(text) : text
}

const SURROGATE = /[\uD800-\uDFFF]/

function joined(characters: string | readonly string[]): string {
  return typeof characters === 'string' ? characters : characters.join('')
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'bigint' ? value.toString() : canonicalJson(value as Json)
}
