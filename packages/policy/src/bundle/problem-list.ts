import { nearestName } from './nearest-name.ts'
import type { DocumentProblem } from './problem.ts'

export type DocumentPath = readonly (string | number)[]

/** As many as a person reads; of what is beyond only the number is told, lest a hostile bundle be told for hours. */
export const MOST_PROBLEMS = 100

/** Gathers what is wrong, so that a person sees all of it at once. */
export class ProblemList {
  readonly #told: DocumentProblem[] = []
  #count = 0
  #beyond: DocumentPath = []

  /** All that were added. */
  get count(): number {
    return this.#count
  }

  /** In order; those beyond the limit as one, at the place of the first of them. */
  get found(): readonly DocumentProblem[] {
    const left = this.#count - this.#told.length
    return left === 0
      ? this.#told
      : [...this.#told, { path: this.#beyond, message: moreProblems(left), expected: null, suggestion: null }]
  }

  add(
    path: DocumentPath,
    message: string,
    expected: string | null = null,
    suggestion: string | null = null,
  ): void {
    this.#count += 1
    if (this.#count <= MOST_PROBLEMS) this.#told.push({ path, message, expected, suggestion })
    else if (this.#count === MOST_PROBLEMS + 1) this.#beyond = path
  }

  /** Whether `name` is one of the known; if not, says so with the nearest. */
  known(
    path: DocumentPath,
    kind: string,
    name: string,
    names: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  ): boolean {
    if (names.has(name)) return true
    const nearest = this.#count < MOST_PROBLEMS ? nearestName(name, names.keys()) : null
    this.add(path, `unknown ${kind} "${name}"`, `a declared ${kind}`, nearest)
    return false
  }

  /** The same for each name of a list. */
  allKnown(
    path: DocumentPath,
    kind: string,
    list: readonly string[] | undefined,
    names: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  ): void {
    list?.forEach((name, index) => names.has(name) || this.known([...path, index], kind, name, names))
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

export function moreProblems(count: number): string {
  return count === 1 ? 'one more problem from here on' : `${count} more problems from here on`
}
