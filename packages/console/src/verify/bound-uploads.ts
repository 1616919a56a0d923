import type { Context, MiddlewareHandler } from 'hono'
import { readAtPace, type Pace } from './read-at-pace.ts'

/** How much of them there may be under way. */
export interface UploadRoom {
  readonly atOnce: number
  /** Bytes that they may hold in memory together, each until it is checked. */
  readonly held: number
}

export interface UploadBounds {
  /** Of one upload. */
  readonly largest: number
  /** From everybody. */
  readonly all: UploadRoom
  /** From one network: nobody alone takes all there is. */
  readonly each: UploadRoom
  /** Below it an upload is broken off, and gives its place back. */
  readonly pace: Pace
}

export type UploadRefused = 'too-large' | 'busy' | 'too-slow'

/**
 * Bounds what uploads from anybody take, each, those of one network and all together. What counts is what has arrived: who
 * sends slowly, or says that much will come, takes little from the others, and who stops sending is not waited for. One for
 * which there is no room, at its start or on its way, is refused.
 */
export function boundUploads(
  { largest, all, each, pace }: UploadBounds,
  networkOf: (c: Context) => string,
  refuse: (c: Context, why: UploadRefused) => Response | Promise<Response>,
): MiddlewareHandler {
  const everybody: Taken = { uploads: 0, held: 0 }
  const networks = new Map<string, Taken>()
  return async (c, next) => {
    if (Number(c.req.header('content-length') ?? 0) > largest) return refuse(c, 'too-large')
    const network = networkOf(c)
    const theirs = networks.get(network) ?? { uploads: 0, held: 0 }
    if (isFull(everybody, all) || isFull(theirs, each)) return refuse(c, 'busy')
    const { body } = c.req.raw
    if (body === null) return next()
    let mine = 0
    let refused: UploadRefused | null = null
    const takes = (size: number): boolean => {
      if (mine + size > largest) refused = 'too-large'
      else if (everybody.held + size > all.held || theirs.held + size > each.held) refused = 'busy'
      if (refused !== null) return false
      mine += size
      everybody.held += size
      theirs.held += size
      return true
    }
    const tooSlow = (): void => {
      refused ??= 'too-slow'
    }
    const upload = readAtPace(body.getReader(), pace, takes, tooSlow)
    c.req.raw = new Request(c.req.raw, { method: c.req.method, body: upload.body, duplex: 'half' })
    networks.set(network, theirs)
    everybody.uploads++
    theirs.uploads++
    try {
      await next()
      if (refused !== null) c.res = await refuse(c, refused)
      return undefined
    } finally {
      // A handler may have answered without having read: nothing is counted that nobody gives back.
      upload.end()
      everybody.uploads--
      everybody.held -= mine
      theirs.uploads--
      theirs.held -= mine
      if (theirs.uploads === 0) networks.delete(network)
    }
  }
}

interface Taken {
  uploads: number
  held: number
}

function isFull({ uploads, held }: Taken, { atOnce, held: most }: UploadRoom): boolean {
  return uploads >= atOnce || held >= most
}
