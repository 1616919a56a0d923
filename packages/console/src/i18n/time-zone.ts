import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'

export const ZONE_COOKIE = 'varco-time-zone'

/** Every zone this server knows, by its IANA name. */
export const TIME_ZONES: readonly string[] = [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])]
const known = new Set(TIME_ZONES)

/** A zone by name, or `null` for anything else. */
export function asTimeZone(name: string | undefined): string | null {
  return name !== undefined && known.has(name) ? name : null
}

/** The zone of the reader's clocks, as chosen or as their browser told it; without one, the body's. */
export function timeZoneOf(c: Context, fallback: string): string {
  return asTimeZone(getCookie(c, ZONE_COOKIE, 'host') ?? getCookie(c, ZONE_COOKIE)) ?? fallback
}
