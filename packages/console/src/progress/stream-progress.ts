import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

const EVERY_MS = 1_000
/** Five minutes of progress at most from one request: then the browser asks again by itself. */
const TURNS = 300

/** What the page's script shows. */
export interface ToldProgress {
  readonly settled: number
  /** Nothing: nobody knows yet. */
  readonly all: number
  readonly text: string
  readonly state: string
}

/**
 * Tells of something that takes a while, once a second, until it is over.
 * @param told asked each time; `null`: there is nothing to tell any more
 */
export function streamProgress(
  c: Context,
  told: () => Promise<{ readonly progress: ToldProgress; readonly isOver: boolean } | null>,
): Response {
  return streamSSE(c, async (stream) => {
    for (let turn = 0; turn < TURNS && !stream.aborted; turn++) {
      const now = await told()
      if (now === null) return
      await stream.writeSSE({ data: JSON.stringify(now.progress) })
      if (now.isOver) return
      await stream.sleep(EVERY_MS)
    }
  })
}
