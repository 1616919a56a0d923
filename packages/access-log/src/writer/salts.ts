import { randomFillSync } from 'node:crypto'

const SALT_BYTES = 16
const POOL_BYTES = 512 * SALT_BYTES

/** 16 fresh random bytes at each call, drawn from the system in large pieces. */
export function saltSource(fill: (pool: Uint8Array) => void = randomFillSync): () => Uint8Array {
  let pool = new Uint8Array(0)
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = new Uint8Array(POOL_BYTES)
      fill(pool)
      used = 0
    }
    used += SALT_BYTES
    return pool.subarray(used - SALT_BYTES, used)
  }
}
