import { microsToIso } from '@varco/core'
import type { Copy } from './copies-ledger.ts'

/**
 * What a copy carries in itself, so that one found anywhere leads back to who made it: its number, its owner, what it was
 * for and until when it may be kept.
 */
export function watermark({ id, owner, purpose, expiresAt }: Copy): string {
  return [id, owner, purpose ?? '-', `until ${microsToIso(expiresAt).slice(0, 10)}`].join(' ')
}
