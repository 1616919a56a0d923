import type { RetentionDesk } from './desk.ts'
import { recordHolds } from './place-hold.ts'
import { recordRestrictions } from './restrict-records.ts'

/**
 * Holds and restrictions take effect before the log has them. Where a process ended in between, this tells the log.
 * @throws UnavailableError when it may not have been recorded: the next to look tells it
 */
export async function recordPlaced(
  desk: Pick<RetentionDesk, 'store' | 'restrictions' | 'log' | 'clock' | 'newId'>,
): Promise<void> {
  await recordHolds(desk)
  await recordRestrictions(desk)
}
