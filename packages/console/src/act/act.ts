import type { Child } from 'hono/jsx'
import type { Crumb } from '../layout/breadcrumb.tsx'

/** Something a person may do on a page, as it is told to them before they do it. */
export interface Act {
  /** Where its form goes. */
  readonly to: string
  readonly title: string
  /** What will happen, a sentence each; that it is recorded is said by the page that asks a second time. */
  readonly consequences: readonly string[]
  /** What the button says: the act, never "OK". */
  readonly button: string
  /** Takes something away, or cannot be undone. */
  readonly danger?: boolean
  /** Its form sends a file. */
  readonly upload?: boolean
}

/** An act with what was filled in, to be confirmed. */
export interface FilledAct extends Act {
  /** Goes along unseen, and is checked again. */
  readonly carried: Readonly<Record<string, string>>
  /** The same, as the person reads it. */
  readonly stated: readonly (readonly [name: string, value: Child])[]
  /** The pages above; the last is where the form stands. */
  readonly above: readonly Crumb[]
}
