import { verifiersOf, verifyLog, type LogReadStore, type LogVerdict } from '@varco/access-log'
import type { PostgresLogStore } from '@varco/postgres'
import type { Services } from './services.ts'

/** From here on threads are worth starting. */
const MANY_EVENTS = 100_000

export interface VerifyOptions {
  /** Trees verified before, to go on from. */
  readonly since?: LogVerdict['trees']
  readonly onProgress?: (done: { readonly events: number; readonly of: number }) => void
}

/** What it takes, of all that runs. */
export interface LogToVerify extends Pick<Services, 'anchors' | 'clock'> {
  readonly keys: Pick<Services['keys'], 'log'>
  readonly logStore: LogReadStore & Pick<PostgresLogStore, 'scanner'>
}

/** The log recomputed from its tables and held against its checkpoints and anchors. */
export async function verifyWholeLog(
  { logStore, keys, anchors, clock }: LogToVerify,
  { since = [], onProgress }: VerifyOptions = {},
): Promise<LogVerdict> {
  const events = (await logStore.heads()).reduce((sum, { size }) => sum + size, 0)
  return verifyLog({
    store: logStore,
    verifierKeys: verifiersOf(keys.log),
    anchors,
    since,
    now: clock.now(),
    ...(events > MANY_EVENTS ? { scanner: logStore.scanner() } : {}),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
}
