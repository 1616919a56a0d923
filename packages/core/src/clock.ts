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

/** Parses RFC 3339 with up to six decimals; `null` when it is not one, or its day or hour does not exist. */
export function isoToMicros(text: string): Micros | null {
  const match = /^(\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?([Zz]|[+-]\d{2}:\d{2})$/.exec(text)
  if (match === null) return null
  // `Date.parse` takes the 31st of June for the 1st of July, and 24:00 for the next day.
  if (text.startsWith('24', 11) || !isDay(text)) return null
  const ms = Date.parse(`${match[1]}${match[3]}`)
  if (Number.isNaN(ms)) return null
  return BigInt(ms) * MICROS_PER_MS + BigInt((match[2] ?? '').padEnd(6, '0'))
}

/** Whether the month has the day that the text begins with. */
function isDay(text: string): boolean {
  const day = Number(text.slice(8, 10))
  return (
    day <= 28 || day <= new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
  )
}

export function millisToMicros(ms: number): Micros {
  return BigInt(Math.trunc(ms)) * MICROS_PER_MS
}

export function microsToDate(at: Micros): Date {
  return new Date(Number(at / MICROS_PER_MS))
}
