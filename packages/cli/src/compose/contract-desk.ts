import { randomUUID } from 'node:crypto'
import { asId, ConfigError, type Pseudonym, type RequestId } from '@varco/core'
import { actorOf, type Actor, type LifeDesk, type LifeOccasion } from '@varco/engagement'
import type { Config } from '@varco/core'
import { actLog } from './act-log.ts'
import { commandDiagnostics } from './diagnostics.ts'
import { openServices, type Services } from './services.ts'

/** What a command that acts on contracts works with, and who runs it. */
export interface ContractDesk {
  readonly services: Services
  readonly desk: LifeDesk
  readonly occasion: LifeOccasion
}

/** Opens the stores for one command. */
export async function openContractDesk(config: Config): Promise<ContractDesk & AsyncDisposable> {
  const services = await openServices({ config, diagnostics: commandDiagnostics(config, 'contract') })
  return {
    services,
    desk: { store: services.contractLife, copies: services.copies, log: actLog(services.commandLog) },
    occasion: {
      bundle: services.policy.current(),
      now: services.clock.now(),
      requestId: asId<RequestId>(randomUUID()),
    },
    [Symbol.asyncDispose]: () => services[Symbol.asyncDispose](),
  }
}

/**
 * The person named by `--by`, as the engagement knows them now.
 * @throws ConfigError when nobody, or more than one, carries the pseudonym
 */
export async function namedActor({ services, occasion }: ContractDesk, by: string): Promise<Actor> {
  const actor = await actorOf(services.contractLife, occasion, asId<Pseudonym>(by))
  if (actor === null)
    throw new ConfigError('by', 'nobody with one assignment carries the pseudonym given in --by')
  return actor
}
