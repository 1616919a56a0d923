import type { Micros } from '@varco/core'
import type { OpenErrand } from './outbox.ts'
import type { NotReached } from './upstream-records.ts'

const SECOND = 1_000_000n
const LONGEST = 3_600n
/** Attempts before the record is let be: within a minute where the upstream will not, after a good day where it cannot. */
const MOST = { refused: 6, unreached: 36 }

/** The errand after another attempt in vain: tried again later and later, and not for ever. */
export function putOff(errand: OpenErrand, { refused, outcome }: NotReached, now: Micros): OpenErrand {
  const attempts = errand.attempts + 1
  const seconds = 2n ** BigInt(Math.min(attempts - 1, 12))
  return {
    ...errand,
    ...{ attempts, outcome },
    notBefore: now + (seconds < LONGEST ? seconds : LONGEST) * SECOND,
    abandoned: attempts >= (refused ? MOST.refused : MOST.unreached),
  }
}
