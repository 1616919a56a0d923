import { ACTIONS, evaluateEach, evaluationsSchema, evaluationSchema } from '@varco/policy'
import type { Context } from 'hono'
import * as z from 'zod'
import { besideCandidate } from '../ask-candidate.ts'
import { commonHeaders } from '../answer/common-headers.ts'
import { turnAway, turnAwayStranger } from '../pipeline.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal } from '../refusal.ts'
import { authenticate } from '../steps/authenticate.ts'
import { establishContext } from '../steps/establish-context.ts'
import { evaluateRecorded, type Asker } from '../authzen/evaluate-recorded.ts'
import { searchResources } from '../authzen/search-resources.ts'
import type { Visit } from '../visit.ts'
import { visitOf, type Env, type Face, type FaceContext } from './face.ts'
import { readBody } from './read-body.ts'

/** Section 8: what is searched for is left out of the question. */
const entityTypeSchema = z.object({ type: z.string().min(1) })
const pageSchema = z
  .object({ token: z.string().max(64).optional(), limit: z.int().positive().max(1_000).optional() })
  .optional()
export const subjectSearchSchema = evaluationSchema.extend({ subject: entityTypeSchema, page: pageSchema })
export const actionSearchSchema = evaluationSchema.omit({ action: true }).extend({ page: pageSchema })
export const resourceSearchSchema = evaluationSchema.extend({ resource: entityTypeSchema, page: pageSchema })

/** OpenID AuthZEN Authorization API 1.0: the policy's answers for programs that enforce them themselves. */
export const authzenFace: Face = (app, context) => {
  app.post('/access/v1/evaluation', async (c) =>
    ask(c, context, evaluationSchema, async (asker, question) => ({
      answer: await evaluateRecorded(asker, question),
    })),
  )
  app.post('/access/v1/evaluations', async (c) =>
    ask(c, context, evaluationsSchema, async (asker, body) => {
      // Section 7.1: without a list it is one question, answered as one.
      if (body.evaluations === undefined || body.evaluations.length === 0) {
        const question = evaluationSchema.safeParse(body)
        return question.success ? { answer: await evaluateRecorded(asker, question.data) } : MALFORMED
      }
      const evaluations = await evaluateEach(body, (question) => evaluateRecorded(asker, question))
      return evaluations === null ? MALFORMED : { answer: { evaluations } }
    }),
  )
  app.post('/access/v1/search/subject', async (c) =>
    ask(c, context, subjectSearchSchema, async (asker, question) => {
      // Who else works here, and may see what, is nobody's to enumerate: a search finds the caller or nobody.
      const own = { type: question.subject.type, id: asker.identity.externalId }
      const { decision } = await evaluateRecorded(asker, { ...question, subject: own })
      return { answer: { results: decision ? [own] : [] } }
    }),
  )
  app.post('/access/v1/search/action', async (c) =>
    ask(c, context, actionSearchSchema, async (asker, question) => {
      const results: { readonly name: string }[] = []
      for (const name of ACTIONS) {
        const { decision } = await evaluateRecorded(asker, { ...question, action: { name } })
        if (decision) results.push({ name })
      }
      return { answer: { results } }
    }),
  )
  app.post('/access/v1/search/resource', async (c) =>
    ask(c, context, resourceSearchSchema, async (asker, question) => {
      const found = await searchResources(asker, question)
      return found === null ? MALFORMED : { answer: found }
    }),
  )
  app.get('/.well-known/authzen-configuration', (c) => {
    const base = context.gate.publicUrl?.replace(/\/$/, '') ?? new URL(c.req.url).origin
    return Response.json(
      {
        policy_decision_point: base,
        access_evaluation_endpoint: `${base}/access/v1/evaluation`,
        access_evaluations_endpoint: `${base}/access/v1/evaluations`,
        search_subject_endpoint: `${base}/access/v1/search/subject`,
        search_resource_endpoint: `${base}/access/v1/search/resource`,
        search_action_endpoint: `${base}/access/v1/search/action`,
      },
      { headers: commonHeaders(c.get('requestId')) },
    )
  })
}

type Answered = { readonly answer: object } | 'malformed'
const MALFORMED = 'malformed'

/** Section 10.1.1: malformed is 400; a denial is a 200 whose decision is false. */
async function ask<T>(
  c: Context<Env>,
  context: FaceContext,
  schema: z.ZodType<T>,
  answerTo: (asker: Asker, question: T) => Promise<Answered>,
): Promise<Response> {
  const visit = visitOf(c, context)
  return besideCandidate(visit, () => answered(c, visit, schema, answerTo))
}

async function answered<T>(
  c: Context<Env>,
  visit: Visit,
  schema: z.ZodType<T>,
  answerTo: (asker: Asker, question: T) => Promise<Answered>,
): Promise<Response> {
  const identity = await authenticate(visit)
  if (isRefusal(identity)) return withCallersId(c, await turnAwayStranger(visit, identity))
  const established = await establishContext(visit, identity)
  if (isRefusal(established)) return withCallersId(c, await turnAway(visit, established))
  const question = isJson(c) ? await readBody(c.req.raw, schema) : refusal('invalid-body')
  if (isRefusal(question)) return withCallersId(c, await turnAway(visit, question))
  const told = await answerTo({ visit, identity, context: established }, question)
  if (told === MALFORMED) return withCallersId(c, await turnAway(visit, refusal('invalid-body')))
  return withCallersId(c, Response.json(told.answer, { headers: commonHeaders(visit.requestId) }))
}

function isJson(c: Context<Env>): boolean {
  return /^application\/json\s*(?:;|$)/i.test(c.req.header('content-type') ?? '')
}

/** Section 10.1.3: the caller's own id for the request is sent back; ours, which the log has, goes beside it. */
function withCallersId(c: Context<Env>, response: Response): Response {
  response.headers.set('varco-request', c.get('requestId'))
  const sent = c.req.header('x-request-id')
  if (sent !== undefined && /^[\x21-\x7e]{1,256}$/.test(sent)) response.headers.set('x-request-id', sent)
  return response
}
