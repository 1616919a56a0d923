/** The part of one request in the requests under way. */
export interface Place {
  /** Its answer leaves bit by bit: the place is kept until all of it has left, or the caller has, or reads no further. */
  readonly keepFor: (body: ReadableStream<Uint8Array>) => ReadableStream<Uint8Array>
  /** Its answer is made. */
  readonly leave: () => void
}

/** Whoever has not asked for the next part of an answer by then has gone, or means to hold the place. */
const STALLED_MS = 60_000

/** Requests under way: so many at once, whatever holds them up. */
export class InFlight {
  readonly #most: number
  readonly #stalledMs: number
  #count = 0

  constructor(most: number, stalledMs = STALLED_MS) {
    this.#most = most
    this.#stalledMs = stalledMs
  }

  get count(): number {
    return this.#count
  }

  /** `null`: there are as many as there may be. */
  enter(): Place | null {
    if (this.#count >= this.#most) return null
    this.#count++
    let streams = false
    let isGone = false
    const release = (): void => {
      if (!isGone) this.#count--
      isGone = true
    }
    return {
      keepFor: (body) => {
        streams = true
        return releasingAtEnd(body, release, this.#stalledMs)
      },
      leave: () => {
        if (!streams) release()
      },
    }
  }
}

function releasingAtEnd(
  body: ReadableStream<Uint8Array>,
  release: () => void,
  stalledMs: number,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let stalled: NodeJS.Timeout | undefined
  const waitForCaller = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    stalled = setTimeout(() => {
      controller.error(new Error('the caller reads no further'))
      release()
      reader.cancel().catch(() => {})
    }, stalledMs).unref()
  }
  return new ReadableStream<Uint8Array>(
    {
      start: waitForCaller,
      pull: async (controller) => {
        clearTimeout(stalled)
        try {
          const { done, value } = await reader.read()
          if (done) {
            controller.close()
            release()
          } else {
            controller.enqueue(value)
            waitForCaller(controller)
          }
        } catch (error) {
          release()
          controller.error(error)
        }
      },
      cancel: async (reason) => {
        clearTimeout(stalled)
        release()
        await reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
