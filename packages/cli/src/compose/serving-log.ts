import {
  openAccessLog,
  RolledBackError,
  SupersededError,
  type AccessLog,
  type AccessLogWriter,
} from '@varco/access-log'
import { asId, type WriterId } from '@varco/core'
import type { Services } from './services.ts'

/** The log as a serving process appends to it, and whether it still can. */
export interface ServingLog extends AccessLog, AsyncDisposable {
  /** Rejects once the log takes nothing from this process any more. */
  readonly probe: () => Promise<void>
  readonly ended: Promise<Error>
  readonly metrics: AccessLogWriter['metrics']
}

/** Opens this process's tree. When another process has taken it over, or the log was rolled back, there is no way on. */
export async function openServingLog(services: Services): Promise<ServingLog> {
  const { config, keys, clock, diagnostics, logStore, anchors } = services
  const writer = asId<WriterId>(config.VARCO_WRITER)
  const log = await openAccessLog({ store: logStore, keys: keys.log, clock, writer, diagnostics, anchors })
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>()
  let fault: Error | null = null
  return {
    append: async (draft) => {
      try {
        return await log.append(draft)
      } catch (error) {
        const cause = error instanceof Error ? error.cause : undefined
        if (cause instanceof SupersededError || cause instanceof RolledBackError) {
          fault = cause
          end(cause)
        }
        throw error
      }
    },
    probe: async () => {
      if (fault !== null) throw fault
    },
    ended,
    metrics: () => log.metrics(),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  }
}
