import type { Micros } from '@varco/core'
import { minutesLater } from '../sample/day.ts'
import { SAMPLE_CITIZEN } from '../sample/sample-body.ts'
import { SAMPLE_CONTRACTS } from '../sample/sample-contracts.ts'
import { sampleOperators, type SampleOperator } from '../sample/sample-operators.ts'
import { sampleTickets } from '../sample/sample-tickets.ts'
import type { CastMember, DayCast } from './day-cast.ts'
import { sampleStrangers } from '../identity-provider/sample-strangers.ts'

export interface SampleCastOptions {
  /** As given to `sampleEngagement`: the tickets of that shift are the day's. */
  readonly now: Micros
  readonly producers?: number
}

/** A ticket's life on the desk; what was left open for longer is nobody's work today. */
const TICKET_MINUTES = 3 * 1440

/** The sample body's people and tickets as they stand at `now`. */
export function sampleCast({ now, producers }: SampleCastOptions): DayCast {
  const member = (operator: SampleOperator): CastMember => {
    const { issuer, username, password, contract, workstation, role, unit } = operator
    return {
      issuer,
      username,
      password,
      contract,
      workstation,
      role,
      unit,
      standing: standingOf(operator, now),
    }
  }
  const members = sampleOperators().map(member)
  const atWork = new Set(
    members.filter(({ standing }) => standing === 'working').map(({ contract }) => contract),
  )
  const since = minutesLater(now, -TICKET_MINUTES)
  return {
    members,
    strangers: sampleStrangers().map(member),
    tickets: sampleTickets(now, producers).flatMap(
      ({ id, contract, dataSubject, purpose, status, openedAt }) =>
        dataSubject !== null && openedAt >= since && atWork.has(contract)
          ? [{ id, contract, dataSubject, purpose, status }]
          : [],
    ),
    protagonist: SAMPLE_CITIZEN,
  }
}

function standingOf({ contract, to }: SampleOperator, now: Micros): CastMember['standing'] {
  if (to !== null && to <= now) return 'left'
  const ends = SAMPLE_CONTRACTS.find(({ id }) => id === contract)?.to
  return ends !== undefined && ends <= now ? 'contract-ended' : 'working'
}
