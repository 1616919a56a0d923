/** The least that must arrive in each such stretch of time, until all has. */
export interface Pace {
  readonly bytes: number
  readonly everyMs: number
}

export interface PacedBody {
  readonly body: ReadableStream<Uint8Array>
  /** Nobody reads on: what still comes is neither taken nor waited for. */
  end(): void
}

/**
 * Breaks off at the first piece that is not taken, and where too little arrives in time: then `tooSlow` is called first. What
 * comes after is left with whoever sends it; the sender is not cut off, for they are still to be answered.
 */
export function readAtPace(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { bytes, everyMs }: Pace,
  takes: (size: number) => boolean,
  tooSlow: () => void,
): PacedBody {
  let isOver = false
  let arrived = 0
  let looking: NodeJS.Timeout | undefined
  const end = (): void => {
    isOver = true
    clearInterval(looking)
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      looking = setInterval(() => {
        if (arrived >= bytes) {
          arrived = 0
          return
        }
        end()
        tooSlow()
        controller.error(new Error('the upload came too slowly'))
      }, everyMs)
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (isOver) return
      if (done) {
        end()
        controller.close()
      } else if (takes(value.length)) {
        arrived += value.length
        controller.enqueue(value)
      } else {
        end()
        controller.error(new Error('no room for the upload'))
      }
    },
    cancel(reason) {
      end()
      return reader.cancel(reason)
    },
  })
  return { body, end }
}
