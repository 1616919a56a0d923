import type { Actor } from '@varco/engagement'
import { isRefusal } from '../refusal.ts'
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
