import { hmacSha256 } from '@varco/core'
import type { RetentionDesk } from './desk.ts'

/** How the keys of records are hashed, under the installation's secret and a name of their own: what it hashes elsewhere has another. */
export function keyHash(secret: Uint8Array): RetentionDesk['hashKey'] {
  const hash = hmacSha256(secret, 'hex')
  return (resource, key) => hash(`varco-tombstone\0${resource}\0${key}`)
}
