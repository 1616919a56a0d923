import { anchorsStanding, verifiersOf, type AnchorStanding, type LogVerdict } from '@varco/access-log'
import type { LogHealth, LogStanding } from '@varco/console'
import { everySoOften, faultFields, type Diagnostics } from '@varco/core'
import { checkOutcomeFile } from './check-outcome-file.ts'
import type { Services } from './services.ts'
import { verifiedFile } from './verified-file.ts'
import { verifyWholeLog, type LogToVerify, type VerifyOptions } from './verify-whole-log.ts'

const ANCHORS_EVERY_MS = 60_000
const CHECK_EVERY_MS = 3_600_000

/**
 * Verifies the log, keeps how far a sound one was verified, for the next to go on from, and notes what came of it.
 * @param since where to go on from; the whole log when empty
 */
export async function checkLog(
  services: LogToVerify & { readonly home: Pick<Services['home'], 'dir'> },
  { since = [], onProgress }: VerifyOptions = {},
): Promise<LogVerdict> {
  const { home, clock } = services
  const verdict = await verifyWholeLog(services, {
    since,
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  if (verdict.ok) await verifiedFile(home.dir).write(verdict.trees)
  const { ok, events, findings } = verdict
  await checkOutcomeFile(home.dir).write({ at: clock.now(), ok, events, findings: findings.length })
  return verdict
}

/**
 * How the log stands, for who looks at the console: its anchors every minute, and every hour what has come since the last
 * verification. The first is an hour after the start: what was found before it is kept in a file.
 */
export function startLogChecks(services: Services, diagnostics: Diagnostics): LogHealth & AsyncDisposable {
  const { logStore: store, anchors, keys, home } = services
  const verifierKeys = verifiersOf(keys.log)
  let standings: readonly AnchorStanding[] | null = null
  const looking = everySoOften(
    async () => {
      standings = await anchorsStanding({ store, anchors, verifierKeys })
    },
    {
      everyMs: ANCHORS_EVERY_MS,
      onFailure: (error) => {
        standings = null
        diagnostics.error('the anchors could not be asked', faultFields(error))
      },
    },
  )
  let isFirst = true
  const checking = everySoOften(
    async () => {
      if (isFirst) {
        isFirst = false
        return
      }
      const verdict = await checkLog(services, { since: await verifiedFile(home.dir).read() })
      if (!verdict.ok) diagnostics.error('the log is not whole', { findings: verdict.findings.length })
    },
    {
      everyMs: CHECK_EVERY_MS,
      onFailure: (error) => {
        diagnostics.error('the log could not be verified', faultFields(error))
      },
    },
  )
  return {
    standing: async (): Promise<LogStanding> => ({
      anchors: standings,
      check: await checkOutcomeFile(home.dir).read(),
    }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([looking[Symbol.asyncDispose](), checking[Symbol.asyncDispose]()])
    },
  }
}
