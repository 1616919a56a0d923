import { InvariantError } from '@varco/core'
import type { CastMember, CastTicket, DayCast } from './day-cast.ts'

export type Some<T> = readonly [T, ...T[]]

/** The cast, sorted by what one can do on the day. */
export interface Stage {
  readonly cast: DayCast
  /** At the contact centre, with work today. */
  readonly operators: Some<CastMember>
  /** The body's own staff and the desk, with lists of their own. */
  readonly officers: Some<CastMember>
  /** Companies and people whose time is over, with logins that still work. */
  readonly departed: Some<CastMember>
  readonly strangers: Some<CastMember>
  /** Open tickets of a company, or of the body (`null`). */
  readonly open: (contract: string | null) => Some<CastTicket>
  readonly openFor: (contract: string | null, purpose: string) => Some<CastTicket>
  readonly closedFor: (contract: string | null, purpose: string) => Some<CastTicket>
}

/** @throws InvariantError when the sample lacks somebody the day needs */
export function stageOf(cast: DayCast): Stage {
  const working = cast.members.filter(({ standing }) => standing === 'working')
  const tickets = Map.groupBy(
    cast.tickets,
    ({ contract, purpose, status }) => `${contract} ${purpose} ${status}`,
  )
  const open = Map.groupBy(
    cast.tickets.filter(({ status }) => status === 'open'),
    ({ contract }) => contract,
  )
  const find = (contract: string | null, purpose: string, status: CastTicket['status']): Some<CastTicket> =>
    some(tickets.get(`${contract} ${purpose} ${status}`), `${status} ticket for ${purpose}`)
  return {
    cast,
    operators: some(
      working.filter(({ role }) => role.startsWith('contact-centre.')),
      'operator',
    ),
    officers: some(
      working.filter(({ role }) => !role.startsWith('contact-centre.')),
      'officer',
    ),
    departed: some(
      cast.members.filter(({ standing }) => standing !== 'working'),
      'departed operator',
    ),
    strangers: some(cast.strangers, 'stranger'),
    open: (contract) => some(open.get(contract), 'open ticket'),
    openFor: (contract, purpose) => find(contract, purpose, 'open'),
    closedFor: (contract, purpose) => find(contract, purpose, 'closed'),
  }
}

function some<T>(items: readonly T[] | undefined, what: string): Some<T> {
  const [first, ...others] = items ?? []
  if (first === undefined) throw new InvariantError(`the sample has no ${what} for the day`)
  return [first, ...others]
}
