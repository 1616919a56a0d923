import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Empty } from '../layout/empty.tsx'
import { ListPaging } from '../log/list-paging.tsx'
import { RetentionFrame, type RetentionFrameProps } from './retention-frame.tsx'

export interface PlacedPageProps extends Omit<RetentionFrameProps, 'children'> {
  /** What is said where nothing is in force. */
  readonly none: Child
  /** What is in force, oldest first, a section each with what lifts it. */
  readonly placed: readonly JSX.Element[]
  /** Where the next page starts; `null` on the last. */
  readonly next: string | null
  /** What places another; `null`: this person may not. */
  readonly form: JSX.Element | null
}

/** What people place over records until others lift it: the list, and the form beside it. */
export function PlacedPage({ none, placed, next, form, ...frame }: PlacedPageProps): JSX.Element {
  return (
    <RetentionFrame {...frame}>
      <div class={form === null ? '' : 'event-columns'}>
        <div>
          {placed.length === 0 ? <Empty icon="locked">{none}</Empty> : null}
          {placed}
          <ListPaging visit={frame.visit} next={next} />
        </div>
        {form === null ? null : <div class="acts">{form}</div>}
      </div>
    </RetentionFrame>
  )
}
