import { setTimeout as sleep } from 'node:timers/promises'

export interface EverySoOften {
  readonly everyMs: number
  /** Hears of each failure; the next time tries again. */
  readonly onFailure: (error: unknown) => void
}

/** Does something at once and then every so often, one time after the other, until disposed of. Keeps no process alive. */
export function everySoOften(
  work: () => Promise<unknown>,
  { everyMs, onFailure }: EverySoOften,
): AsyncDisposable {
  const ending = new AbortController()
  const working = (async () => {
    while (!ending.signal.aborted) {
      try {
        await work()
      } catch (error) {
        onFailure(error)
      }
      await sleep(everyMs, undefined, { signal: ending.signal, ref: false }).catch(() => {})
    }
  })()
  return {
    [Symbol.asyncDispose]: async () => {
      ending.abort()
      await working
    },
  }
}
