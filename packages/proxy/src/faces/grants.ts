import { asId, isId, type GrantId, type ResourceName } from '@varco/core'
import {
  approveGrant,
  breakGlass,
  refuseAskedGrant,
  requestGrant,
  reviewBrokenGlass,
  revokeGrant,
  type GrantDesk,
  type GrantOutcome,
  type Occasion,
  type WantedGrant,
} from '@varco/engagement'
import { ACTIONS } from '@varco/policy'
import type { Context } from 'hono'
import * as z from 'zod'
import { commonHeaders } from '../answer/common-headers.ts'
import { turnAway } from '../pipeline.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { callerOf, type Caller } from './caller.ts'
import { visitOf, type Env, type Face } from './face.ts'
import { grantJson, grantRefusal } from './grant-answer.ts'
import { readBody } from './read-body.ts'

const keySchema = z.string().min(1).max(256).nullable().default(null)

/** The purpose and the ticket come in their headers, as with every request. */
export const wantedSchema = z.strictObject({
  resource: z.string().min(1).max(64),
  record: keySchema,
  data_subject: keySchema,
  action: z.enum(ACTIONS),
  reason: z.string().min(1).max(2_000),
  minutes: z.int().positive().max(1_440).nullable().default(null),
})
export const approvalSchema = z.strictObject({ minutes: z.int().positive().max(1_440).optional() })
export const nothingSchema = z.strictObject({})
export const findingSchema = z.strictObject({
  outcome: z.enum(['justified', 'unjustified']),
  note: z.string().max(2_000).default(''),
})

/** Just-in-time access: asked for, decided by the unit that owns the records, or taken in an emergency and reviewed. */
export const grantsFace: Face = (app, context) => {
  const { engagement, grants } = context.dependencies
  if (grants === undefined) return
  const desk: GrantDesk = { ...grants, engagement }
  app.post('/grants', (c) => ask(c, visitOf(c, context), desk, requestGrant))
  app.post('/break-glass', (c) => ask(c, visitOf(c, context), desk, breakGlass))
  app.get('/grants/:id', (c) => show(visitOf(c, context), desk, c.req.param('id')))
  app.post('/grants/:id/approve', (c) =>
    decide(c, visitOf(c, context), approvalSchema, (occasion, { actor }, id, { minutes }) =>
      approveGrant(desk, occasion, actor, id, minutes === undefined ? {} : { minutes }),
    ),
  )
  app.post('/grants/:id/refuse', (c) =>
    decide(c, visitOf(c, context), nothingSchema, (occasion, { actor }, id) =>
      refuseAskedGrant(desk, occasion, actor, id),
    ),
  )
  app.post('/grants/:id/revoke', (c) =>
    decide(c, visitOf(c, context), nothingSchema, (occasion, { actor }, id) =>
      revokeGrant(desk, occasion, actor, id),
    ),
  )
  app.post('/grants/:id/review', (c) =>
    decide(c, visitOf(c, context), findingSchema, (occasion, { actor }, id, finding) =>
      reviewBrokenGlass(desk, occasion, actor, id, finding),
    ),
  )
}

async function ask(
  c: Context<Env>,
  visit: Visit,
  desk: GrantDesk,
  operation: typeof requestGrant,
): Promise<Response> {
  const caller = await callerOf(visit)
  if (caller instanceof Response) return caller
  const body = await readBody(c.req.raw, wantedSchema)
  if (isRefusal(body)) return turnAway(visit, body)
  const { data_subject: dataSubject, ...rest } = body
  const { purpose } = visit.trail.statement
  const wanted: WantedGrant = { ...rest, dataSubject, purpose }
  const { actor, context } = caller
  const { principal, contract, ticket } = context
  visit.trail.action = wanted.action
  visit.trail.resource = visit.bundle.resources.get(wanted.resource as ResourceName)?.name ?? null
  const outcome = await operation(desk, occasionOf(visit), { actor, principal, contract, ticket }, wanted)
  return answer(visit, outcome, 201)
}

async function decide<T>(
  c: Context<Env>,
  visit: Visit,
  schema: z.ZodType<T>,
  operation: (occasion: Occasion, caller: Caller, id: GrantId, body: T) => Promise<GrantOutcome>,
): Promise<Response> {
  const caller = await callerOf(visit)
  if (caller instanceof Response) return caller
  const id = c.req.param('id') ?? ''
  if (!isId(id)) return turnAway(visit, unknownGrant())
  const body = await readBody(c.req.raw, schema)
  if (isRefusal(body)) return turnAway(visit, body)
  return answer(visit, await operation(occasionOf(visit), caller, asId(id), body), 200)
}

/** Only to the person who asked: it says nothing they did not send, but how it was decided. */
async function show(visit: Visit, { store }: GrantDesk, id: string): Promise<Response> {
  const caller = await callerOf(visit)
  if (caller instanceof Response) return caller
  const grant = isId(id) ? await store.grant(asId(id)) : null
  if (grant === null || grant.operator !== caller.actor.operator) return turnAway(visit, unknownGrant())
  return Response.json(grantJson(grant), { headers: commonHeaders(visit.requestId) })
}

function unknownGrant(): Refusal {
  return refusal('not-found')
}

function occasionOf({ bundle, now, requestId }: Visit): Occasion {
  return { bundle, now, requestId }
}

async function answer(visit: Visit, outcome: GrantOutcome, status: 200 | 201): Promise<Response> {
  if (!outcome.ok) return turnAway(visit, grantRefusal(outcome))
  const { event, grant } = outcome
  return Response.json(grantJson(grant), {
    status: event === null ? 200 : status,
    headers: {
      ...commonHeaders(visit.requestId),
      location: `/grants/${grant.id}`,
      ...(event === null ? {} : { 'varco-event': event }),
    },
  })
}
