import { faultFields, everySoOften, type Diagnostics } from '@varco/core'
import { countTicketUses } from '@varco/postgres'
import type { Services } from './services.ts'

const EVERY_MS = 10 * 60_000

/** Counts what is not counted yet of the accesses that ticket reports tell of. */
export async function countAccessesByTicket(
  { databases, policy, clock }: Pick<Services, 'databases' | 'policy' | 'clock'>,
  isStopped = (): boolean => false,
): Promise<void> {
  const { time_zone: timeZone } = policy.current().document.varco
  await countTicketUses(databases.state, { now: clock.now(), timeZone, isStopped })
}

/** Counts each day once it is over, so that no page of tickets waits for it; of several processes one at a time does. */
export function startTicketCounts(services: Services, diagnostics: Diagnostics): AsyncDisposable {
  let isStopped = false
  const counting = everySoOften(() => countAccessesByTicket(services, () => isStopped), {
    everyMs: EVERY_MS,
    onFailure: (error) => {
      diagnostics.error('accesses could not be counted by ticket; they will be later', faultFields(error))
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      isStopped = true
      await counting[Symbol.asyncDispose]()
    },
  }
}
