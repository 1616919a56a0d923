import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Visit } from '../visit/visit.ts'
import { actText } from './text.ts'

/** What came of an act: done, refused with a reason, or its form to be completed. */
export type ActResult =
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'incomplete'; readonly problems: readonly FieldProblem[] }
  | null

export interface FieldProblem {
  /** Id of the field. */
  readonly field: string
  readonly text: string
}

/** Says it above everything else, and to those who listen. */
export function ActNote({ visit, result }: { visit: Visit; result: ActResult }): JSX.Element | null {
  const t = actText[visit.locale]
  if (result === null) return null
  switch (result.kind) {
    case 'done':
      return (
        <div class="alert alert-success" role="status">
          {result.text}
        </div>
      )
    case 'refused':
      return (
        <div class="alert alert-danger" role="alert">
          <p class="mb-1">{result.text}</p>
          <p class="mb-0">{t.refused}</p>
        </div>
      )
    case 'incomplete':
      return (
        <div class="alert alert-danger" role="alert">
          <p class="mb-1">{t.formProblem}</p>
          <ul class="mb-0">
            {result.problems.map(({ field, text }) => (
              <li>
                <a href={`#${field}`}>{text}</a>
              </li>
            ))}
          </ul>
        </div>
      )
  }
}

export function problemOf(result: ActResult, field: string): string | null {
  if (result?.kind !== 'incomplete') return null
  return result.problems.find((problem) => problem.field === field)?.text ?? null
}
