import { asId, type ContractId, type EventId, type Pseudonym } from '@varco/core'
import type { Contract } from '@varco/policy'
import type { StopEffects, TakenMove } from './contract-life-store.ts'
import { permitsAccess } from './contract-moves.ts'
import type { LifeDesk, LifeOccasion } from './life-desk.ts'
import { stopOf } from './stop.ts'

/** Stands where a person's pseudonym would, for what no person did. */
const BY_ITSELF: Pseudonym = asId('varco')

/** A contract whose last day has passed, and what its end did. */
export interface ExpiredContract extends StopEffects {
  readonly contract: ContractId
  readonly event: EventId
}

/**
 * Ends every contract that has run out and that nobody has ended. Its dates had stopped all access already; now its grants
 * end, its exit opens, and its open tickets go to the body: whoever succeeds is for two people to say, never for one who
 * only proposed it. The log comes first.
 * @throws UnavailableError when an end may not have been recorded: that one, and those after it, were not changed
 */
export async function expireContracts(
  desk: Pick<LifeDesk, 'store' | 'log'>,
  occasion: LifeOccasion,
): Promise<readonly ExpiredContract[]> {
  const expired: ExpiredContract[] = []
  for (const contract of occasion.bundle.contracts.values()) {
    const ended = occasion.now < contract.to ? null : await expire(desk, occasion, contract)
    if (ended !== null) expired.push(ended)
  }
  return expired
}

async function expire(
  { store, log }: Pick<LifeDesk, 'store' | 'log'>,
  occasion: LifeOccasion,
  contract: Contract,
): Promise<ExpiredContract | null> {
  const { bundle, now, requestId } = occasion
  const { id, processor } = contract
  const live = await store.contractState(id)
  // A state recorded under another company is not this contract's.
  if (live === null || live.processor !== processor || !permitsAccess(live.state)) return null
  const { id: event } = await log.append({
    kind: 'contract-terminated',
    requestId,
    operator: null,
    contract: id,
    processor,
    policyVersion: bundle.version,
    detail: {
      step: 'terminate',
      cause: 'expiry',
      from: live.state,
      to: 'frozen',
      taken: true,
      successor: null,
    },
  })
  const move: TakenMove = {
    ...{ contract: id, move: 'terminate', from: live.state, to: 'frozen', at: now },
    ...{ by: BY_ITSELF, second: null, reason: 'the last day of the contract has passed' },
  }
  const state = { contract: id, processor, state: move.to, since: now }
  const effects = await store.takeMove(move, state, stopOf(occasion, contract, move, null))
  return effects === null ? null : { contract: id, event, ...effects }
}
