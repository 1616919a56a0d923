import { randomUUID } from 'node:crypto'
import type { AccessLog } from '@varco/access-log'
import { asId, everySoOften, faultFields, type Diagnostics, type RequestId } from '@varco/core'
import { closeWorkMonths, expireContracts, type ExpiredContract } from '@varco/engagement'
import { leaseWriter } from '@varco/postgres'
import { actLog } from './act-log.ts'
import { workDesk } from './declared-work.ts'
import type { Services } from './services.ts'

/** No writer has a space in its name. */
const LEASE = 'contract ends'
const EVERY_MS = 60_000

/** Ends the contracts that have run out, now. */
export function endExpired(services: Services, log: AccessLog): Promise<readonly ExpiredContract[]> {
  return expireContracts({ store: services.contractLife, log: actLog(log) }, occasionOf(services))
}

function occasionOf({ policy, clock }: Services) {
  return { bundle: policy.current(), now: clock.now(), requestId: asId<RequestId>(randomUUID()) }
}

/**
 * Looks every minute whether a contract has run out: its access ended by its dates, and its exit opens by itself; and
 * whether a month's declarations of work are to be closed. One process of all does it; should two at once, the state
 * lets only one of them take the step.
 */
export function startContractEnds(
  services: Services,
  log: AccessLog,
  diagnostics: Diagnostics,
): AsyncDisposable {
  let lease: AsyncDisposable | null = null
  const look = async (): Promise<void> => {
    lease ??= await leaseWriter(services.databases.state.url, LEASE)
    if (lease === null) return
    for (const { contract, ticketsMoved, grantsRevoked } of await endExpired(services, log))
      diagnostics.warn('a contract has run out; its exit is open', { contract, ticketsMoved, grantsRevoked })
    const { refused } = await closeWorkMonths(workDesk(services, log), occasionOf(services))
    for (const { contract, month } of refused)
      diagnostics.error('a closed month of declared work was opened and changed; it is not closed again', {
        ...{ contract, month },
      })
  }
  const looking = everySoOften(look, {
    everyMs: EVERY_MS,
    onFailure: (error) => {
      diagnostics.error('what ends by itself could not be ended', faultFields(error))
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await looking[Symbol.asyncDispose]()
      await lease?.[Symbol.asyncDispose]()
    },
  }
}
