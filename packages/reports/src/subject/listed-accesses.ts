import type { Lines, Rows } from '../document/document.ts'
import type { AccessShelf } from './access-shelf.ts'
import type { ReportedAccess, SubjectReport } from './report.ts'

/** A report's accesses as its document lists them, newest first, wherever they are. */
export interface ListedAccesses {
  readonly count: number
  rows(of: (access: ReportedAccess) => readonly Lines[]): Rows
}

export function listOf({ accesses }: SubjectReport, shelf: AccessShelf | null): ListedAccesses {
  if (shelf === null) return { count: accesses.length, rows: (of) => accesses.map(of) }
  const { count } = shelf
  return {
    count,
    rows: (of) => ({
      length: count,
      [Symbol.asyncIterator]: async function* () {
        // What is on the shelf was put there as such an access.
        for await (const access of shelf.newestFirst()) yield of(JSON.parse(access) as ReportedAccess)
      },
    }),
  }
}
