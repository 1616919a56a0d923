import { VarcoError } from '@varco/core'

/** Something wrong in a bundle document, by its place in the one JSON value. */
export interface DocumentProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
  /** What would have been right, in words. */
  readonly expected: string | null
  /** The nearest known name. */
  readonly suggestion: string | null
}

/** Something wrong in a bundle, by its place in a file. */
export interface BundleProblem {
  /** Relative to the bundle's folder; of a bundle that came as JSON, the path in it. */
  readonly file: string
  /** 1-based; 0 when there is no file. */
  readonly line: number
  readonly column: number
  readonly message: string
  readonly expected: string | null
  readonly suggestion: string | null
}

/** A bundle that cannot be used; the one in force stays. */
export class BundleError extends VarcoError {
  readonly code = 'bundle'
  readonly problems: readonly BundleProblem[]

  constructor(problems: readonly BundleProblem[], options?: ErrorOptions) {
    super(
      `the bundle has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.slice(0, 3).map(renderProblem).join('; ')}`,
      options,
    )
    this.problems = problems
  }
}

/** `access/contact-centre.yaml:12:5: unknown purpose "invoice-enquriy", expected a purpose of purposes.yaml; did you mean invoice-enquiry?` */
export function renderProblem(problem: BundleProblem): string {
  const place = problem.line === 0 ? problem.file : `${problem.file}:${problem.line}:${problem.column}`
  const expected = problem.expected === null ? '' : `, expected ${problem.expected}`
  const suggestion = problem.suggestion === null ? '' : `; did you mean ${problem.suggestion}?`
  return `${place}: ${problem.message}${expected}${suggestion}`
}

export function withoutFile(problem: DocumentProblem): BundleProblem {
  const { message, expected, suggestion } = problem
  return {
    file: problem.path.length === 0 ? 'bundle' : problem.path.join('/'),
    line: 0,
    column: 0,
    message,
    expected,
    suggestion,
  }
}
