import type { Json } from '@varco/core'

/** Integers of 64 bits travel as text. */
export function asJson(value: unknown): Json {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? each.toString() : each)),
  ) as Json
}
