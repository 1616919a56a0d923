import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from '@varco/core'
import type { AccessShelf } from '../subject/access-shelf.ts'
import type { SubjectReport } from '../subject/report.ts'
import type { Report } from './report.ts'

/** A report whose accesses are still on their shelf: there may be more than fit in memory. */
export interface ShelvedReport {
  /** Everything else; its `accesses` are empty. */
  readonly report: SubjectReport
  readonly shelf: AccessShelf
}

export function isShelved(report: Report | ShelvedReport): report is ShelvedReport {
  return 'shelf' in report
}

/** All of a report but the accesses that are on a shelf. */
export function reportOf(report: Report | ShelvedReport): Report {
  return isShelved(report) ? report.report : report
}

/** Canonical JSON (RFC 8785) of a report, or of a part of it, with its accesses from the shelf, piece by piece. */
export async function* jsonPieces(
  report: { readonly [key: string]: Json },
  shelf: AccessShelf,
): AsyncGenerator<string> {
  let before = '{'
  for (const key of Object.keys(report).sort()) {
    yield `${before}${canonicalJson(key)}:`
    before = ','
    if (key === 'accesses') {
      let comma = '['
      for await (const access of shelf.newestFirst()) {
        yield comma + access
        comma = ','
      }
      yield shelf.count === 0 ? '[]' : ']'
    } else yield canonicalJson(report[key] ?? null)
  }
  yield '}'
}

/** SHA-256, in hexadecimal, of text that comes in pieces. */
export async function hashOf(pieces: AsyncIterable<string>): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}
