import { permitsAccess, type Actor } from '@varco/engagement'
import { REASONS } from '@varco/policy'
import { isRefusal, type Refusal } from '../refusal.ts'
import { turnAway, turnAwayStranger } from '../pipeline.ts'
import { authenticate } from '../steps/authenticate.ts'
import { establishContext, type Established } from '../steps/establish-context.ts'
import type { Visit } from '../visit.ts'

/** Who calls a face: their context for the policy, and themselves as the engagement's operations take them. */
export interface Caller {
  readonly context: Established
  readonly actor: Actor
}

/** The first two steps of every visit; a `Response` for whoever was turned away, and recorded. */
export async function callerOf(visit: Visit): Promise<Caller | Response> {
  const identity = await authenticate(visit)
  if (isRefusal(identity)) return turnAwayStranger(visit, identity)
  const context = await establishContext(visit, identity)
  if (isRefusal(context)) return turnAway(visit, context)
  const { operator, principal, attribution, contract } = context
  const ended = endedContract(visit, context)
  if (ended !== null) return turnAway(visit, ended)
  return {
    context,
    actor: {
      operator,
      pseudonym: principal.pseudonym,
      processor: attribution.processor,
      contract: contract?.id ?? null,
      role: principal.role,
      unit: principal.unit,
    },
  }
}

/** What the policy says of every reading holds here too: under a contract that does not run, nothing is told. */
function endedContract({ bundle, now }: Visit, { contract: facts }: Established): Refusal | null {
  if (facts === null) return null
  const contract = bundle.contracts.get(facts.id)
  const isRunning = contract !== undefined && contract.from <= now && now < contract.to
  if (isRunning && permitsAccess(facts.state)) return null
  const code = 'contract-not-active'
  return { refused: true, status: 403, code, text: REASONS[code] }
}
