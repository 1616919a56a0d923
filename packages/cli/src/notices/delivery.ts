import { setTimeout as delay } from 'node:timers/promises'
import { faultFields, type Diagnostics } from '@varco/core'
import type { Notice, Notices } from '@varco/engagement'

/** One way to tell a unit; rejects when it did not get through. */
export type Send = (notice: Notice) => Promise<void>

export interface DeliveryOptions {
  /** By name, for the technical log. */
  readonly ways: Readonly<Record<string, Send>>
  readonly diagnostics: Diagnostics
  /** Before each further try. */
  readonly retryAfterMs?: readonly number[]
}

const RETRY_AFTER_MS = [1_000, 10_000, 60_000]

/**
 * Sends each notice every way there is, and again when that fails. A notice is a courtesy: what waits is in the database
 * and in the console whether or not it arrived.
 */
export function openDelivery(options: DeliveryOptions): Notices & AsyncDisposable {
  const { diagnostics, retryAfterMs = RETRY_AFTER_MS } = options
  const underWay = new Set<Promise<void>>()
  const stop = new AbortController()
  const deliver = async (name: string, send: Send, notice: Notice): Promise<void> => {
    for (const pause of [...retryAfterMs, null]) {
      try {
        await send(notice)
        return
      } catch (error) {
        diagnostics.warn('a notice was not delivered', {
          way: name,
          grant: notice.grant,
          ...faultFields(error),
        })
      }
      if (pause === null || stop.signal.aborted) return
      await delay(pause, null, { signal: stop.signal }).catch(() => {})
    }
  }
  return {
    tell: (notice) => {
      for (const [name, send] of Object.entries(options.ways)) {
        const sending = deliver(name, send, notice)
        underWay.add(sending)
        void sending.finally(() => underWay.delete(sending))
      }
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await Promise.all(underWay)
    },
  }
}
