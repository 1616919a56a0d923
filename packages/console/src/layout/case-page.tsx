import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { ActNote, type ActResult } from '../act/act-note.tsx'
import { Page, type PageProps } from './page.tsx'

export interface CasePageProps extends Omit<PageProps, 'aside' | 'children'> {
  /** How the case stands. */
  readonly badge: Child
  /** What came of the act that led here. */
  readonly result: ActResult
  /** Facts and history. */
  readonly children: Child
  /** What can be done about it, beside the facts; under them on a telephone. */
  readonly acts: Child
}

/** One case: how it stands, its facts, and what somebody may do about it. */
export function CasePage({ badge, result, children, acts, ...page }: CasePageProps): JSX.Element {
  return (
    <Page {...page} aside={badge}>
      <ActNote visit={page.visit} result={result} />
      <div class="event-columns">
        <div>{children}</div>
        <div class="acts">{acts}</div>
      </div>
    </Page>
  )
}
