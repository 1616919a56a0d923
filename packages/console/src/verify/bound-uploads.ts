import type { Context, MiddlewareHandler } from 'hono'

export interface UploadBounds {
  /** Of one upload. */
  readonly largest: number
  /** Under way, from everybody. */
  readonly atOnce: number
  /** That all of them may hold in memory, each until it is checked. */
  readonly held: number
}

/**
 * Bounds what uploads from anybody take, each and together. What counts is what has arrived: who sends slowly, or says that
 * much will come, takes little from the others. One for which there is no room, at its start or on its way, is refused.
 */
export function boundUploads(
  { largest, atOnce, held: most }: UploadBounds,
  refuse: (c: Context, why: 'too-large' | 'busy') => Response | Promise<Response>,
): MiddlewareHandler {
  let uploads = 0
  let held = 0
  return async (c, next) => {
    if (Number(c.req.header('content-length') ?? 0) > largest) return refuse(c, 'too-large')
    if (uploads >= atOnce || held >= most) return refuse(c, 'busy')
    const { body } = c.req.raw
    if (body === null) return next()
    let mine = 0
    let refused: 'too-large' | 'busy' | null = null
    const takes = (size: number): boolean => {
      if (mine + size > largest) refused = 'too-large'
      else if (held + size > most) refused = 'busy'
      if (refused !== null) return false
      mine += size
      held += size
      return true
    }
    const counted = readWhile(body.getReader(), takes)
    c.req.raw = new Request(c.req.raw, { method: c.req.method, body: counted, duplex: 'half' })
    uploads++
    try {
      await next()
      if (refused !== null) c.res = await refuse(c, refused)
      return undefined
    } finally {
      uploads--
      held -= mine
    }
  }
}

/** Breaks off at the first piece that is not taken; what comes after it is left with whoever sends it. */
function readWhile(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  takes: (size: number) => boolean,
): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else if (takes(value.length)) controller.enqueue(value)
      else controller.error(new Error('no room for the upload'))
    },
    cancel: (reason) => reader.cancel(reason),
  })
}
