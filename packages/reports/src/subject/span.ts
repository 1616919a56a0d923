import type { ReportedAccess, Span } from './report.ts'

/** How many accesses, from when to when. Fixed-width UTC instants order as text. */
export function spanOf(accesses: readonly ReportedAccess[]): Span {
  const instants = accesses.map((access) => access.at).sort()
  return { accesses: accesses.length, first: instants[0] ?? null, last: instants.at(-1) ?? null }
}
