/** Microseconds since 1970-01-01T00:00:00Z. A bigint, for Node's `Date` loses microseconds. */
export type Micros = bigint

/** The only source of time; `now` is taken once per request. */
export interface Clock {
  now(): Micros
}

export const MICROS_PER_MS = 1_000n
export const MICROS_PER_SECOND = 1_000_000n

/** RFC 3339 in UTC with six decimals: `2026-03-29T01:30:00.000001Z`. */
export function microsToIso(at: Micros): string {
  const remainder = ((at % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND
  const seconds = (at - remainder) / MICROS_PER_SECOND
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19)
  return `${whole}.${remainder.toString().padStart(6, '0')}Z`
}

/** Parses RFC 3339 with up to six decimals; `null` when it is not one. */
export function isoToMicros(text: string): Micros | null {
  const match = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2})$/.exec(text)
  if (match === null) return null
  const ms = Date.parse(`${match[1]}${match[3]}`)
  if (Number.isNaN(ms)) return null
  return BigInt(ms) * MICROS_PER_MS + BigInt((match[2] ?? '').padEnd(6, '0'))
}

export function millisToMicros(ms: number): Micros {
  return BigInt(Math.trunc(ms)) * MICROS_PER_MS
}

export function microsToDate(at: Micros): Date {
  return new Date(Number(at / MICROS_PER_MS))
}
