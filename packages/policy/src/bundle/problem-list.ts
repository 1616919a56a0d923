import { nearestName } from './nearest-name.ts'
import type { DocumentProblem } from './problem.ts'

export type DocumentPath = readonly (string | number)[]

/** Gathers what is wrong, so that a person sees all of it at once. */
export class ProblemList {
  readonly found: DocumentProblem[] = []

  add(
    path: DocumentPath,
    message: string,
    expected: string | null = null,
    suggestion: string | null = null,
  ): void {
    this.found.push({ path, message, expected, suggestion })
  }

  /** Whether `name` is one of the known; if not, says so with the nearest. */
  known(
    path: DocumentPath,
    kind: string,
    name: string,
    names: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  ): boolean {
    if (names.has(name)) return true
    this.add(path, `unknown ${kind} "${name}"`, `a declared ${kind}`, nearestName(name, names.keys()))
    return false
  }

  /** Reports each name that stands twice, at its second place. */
  unique(kind: string, names: readonly { readonly name: string; readonly path: DocumentPath }[]): void {
    const seen = new Set<string>()
    for (const { name, path } of names) {
      if (seen.has(name)) this.add(path, `${kind} "${name}" is declared twice`, `each ${kind} once`)
      seen.add(name)
    }
  }
}
