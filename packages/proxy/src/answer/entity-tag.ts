import { createHmac } from 'node:crypto'
import type { MaskKeys } from '@varco/policy'

/**
 * A strong tag of one record as it was shown to this caller, and of nothing else: it tells of no field that they do not
 * see. Keyed, so that nobody can try values against it.
 * @param shown the record as it is written in the answer
 */
export function entityTag({ hmac }: MaskKeys, resource: string, shown: string): string {
  const tag = createHmac('sha256', hmac).update(`etag\0${resource}\0${shown}`).digest('base64url')
  return `"${tag.slice(0, 22)}"`
}
