import { microsToIso } from '@varco/core'
import {
  endInstruction,
  stateInstruction,
  type Instruction,
  type InstructionDesk,
  type InstructionOutcome,
} from '@varco/engagement'
import type { Context } from 'hono'
import * as z from 'zod'
import { commonHeaders } from '../answer/common-headers.ts'
import { turnAway } from '../pipeline.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { isStatedId } from '../steps/stated-id.ts'
import type { Visit } from '../visit.ts'
import { callerOf, type Caller } from './caller.ts'
import { visitOf, type Env, type Face } from './face.ts'
import { readBody } from './read-body.ts'

export const instructionSchema = z.strictObject({
  /** A unit, a role or a pseudonym. */
  instructed_by: z.string().min(1).max(128).refine(isStatedId),
  minutes: z.int().positive().max(1_440).nullable().default(null),
})

/** Whose orders one follows, said before the work: each access carries it until it ends. */
export const ownInstructionFace: Face = (app, context) => {
  const { instructions: desk } = context.dependencies
  if (desk === undefined) return
  app.get('/me/instruction', (c) =>
    asPerson(visitOf(c, context), async (visit, { actor }) => {
      const said = await desk.store.instruction(actor.pseudonym, visit.now)
      return Response.json(instructionJson(said), { headers: commonHeaders(visit.requestId) })
    }),
  )
  app.put('/me/instruction', (c) => state(c, visitOf(c, context), desk))
  app.delete('/me/instruction', (c) =>
    asPerson(visitOf(c, context), async (visit, { actor }) =>
      answer(visit, await endInstruction(desk, visit, actor)),
    ),
  )
}

function state(c: Context<Env>, visit: Visit, desk: InstructionDesk): Promise<Response> {
  return asPerson(visit, async (_, { actor }) => {
    const body = await readBody(c.req.raw, instructionSchema)
    if (isRefusal(body)) return turnAway(visit, body)
    const { instructed_by: instructedBy, minutes } = body
    return answer(visit, await stateInstruction(desk, visit, actor, { instructedBy, minutes }))
  })
}

/** A service does what it was built to do: nobody orders it about. */
async function asPerson(
  visit: Visit,
  work: (visit: Visit, caller: Caller) => Promise<Response>,
): Promise<Response> {
  const caller = await callerOf(visit)
  if (caller instanceof Response) return caller
  return caller.context.principal.kind === 'person' ? work(visit, caller) : turnAway(visit, NOT_A_PERSON)
}

async function answer(visit: Visit, outcome: InstructionOutcome): Promise<Response> {
  if (!outcome.ok) {
    const { code, text } = outcome
    return turnAway(visit, { refused: true, status: code === 'no-instruction' ? 404 : 400, code, text })
  }
  return Response.json(instructionJson(outcome.instruction), {
    headers: { ...commonHeaders(visit.requestId), 'varco-event': outcome.event },
  })
}

function instructionJson(said: Instruction | null) {
  return {
    instructed_by: said?.instructedBy ?? null,
    from: said === null ? null : microsToIso(said.from),
    until: said === null ? null : microsToIso(said.until),
  }
}

const NOT_A_PERSON: Refusal = {
  refused: true,
  status: 403,
  code: 'not-a-person',
  text: {
    it: 'Solo una persona lavora su istruzione di qualcuno.',
    en: 'Only a person works on somebody’s instruction.',
  },
}
