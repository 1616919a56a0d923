import { asId, isId, type ContractId } from '@varco/core'
import {
  declareWork,
  isMonth,
  openWorkMonth,
  phaseOf,
  takeWorkToken,
  workKeyDigest,
  type AnnouncedMonth,
  type Occasion,
  type WorkRefusalCode,
  type WorkRefused,
} from '@varco/engagement'
import type { Context } from 'hono'
import * as z from 'zod'
import { commonHeaders } from '../answer/common-headers.ts'
import { refusal } from '../problems/problems.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import { callerOf } from './caller.ts'
import { problem, visitOf, type Env, type Face, type FaceContext } from './face.ts'
import { readBody } from './read-body.ts'

const monthSchema = z.string().refine(isMonth)
const bytesSchema = z.base64url().max(1_024)

export const blindedSchema = z.strictObject({
  month: monthSchema,
  /** RFC 9474: the blinded message, base64url. */
  blinded: bytesSchema,
})

export const declarationSchema = z.strictObject({
  token: z.strictObject({
    contract: z.string().refine(isId),
    month: monthSchema,
    /** base64url, as are the signature's bytes. */
    message: bytesSchema,
    signature: bytesSchema,
  }),
  /** Whole hours by purpose. */
  hours: z.record(z.string().max(128), z.number()),
})

/**
 * Work off the system. A month's key is for everybody and a declaration is from nobody: both are served without a token,
 * so that nothing ties them to who asks. Nothing of it becomes an event of the log.
 */
export const declaredWorkFace: Face = (app, context) => {
  const { work: desk } = context.dependencies
  if (desk === undefined) return

  app.get('/work/:contract/:month', async (c) => {
    const { contract, month } = c.req.param()
    if (!isId(contract) || !isMonth(month)) return problem(c, refusal('not-found'))
    const occasion = occasionOf(c, context)
    const found = await openWorkMonth(desk, occasion, { contract: asId<ContractId>(contract), month })
    return found === null ? problem(c, refusal('not-found')) : answer(c, keyJson(found, occasion))
  })

  app.post('/me/work-token', async (c) => {
    const visit = visitOf(c, context)
    const caller = await callerOf(visit)
    if (caller instanceof Response) return caller
    if (caller.context.principal.kind !== 'person') return problem(c, NOT_A_PERSON)
    const body = await readBody(c.req.raw, blindedSchema)
    if (isRefusal(body)) return problem(c, body)
    const { month, blinded } = body
    const asked = { month, blinded: Buffer.from(blinded, 'base64url') }
    const taken = await takeWorkToken(desk, visit, caller.actor, asked)
    return taken.ok
      ? answer(c, {
          ...keyJson(taken.month, visit),
          blind_signature: taken.blindSignature.toString('base64url'),
        })
      : problem(c, refusalOf(taken))
  })

  app.post('/work/declarations', async (c) => {
    const body = await readBody(c.req.raw, declarationSchema)
    if (isRefusal(body)) return problem(c, body)
    const { token, hours } = body
    const outcome = await declareWork(desk, occasionOf(c, context), {
      token: {
        ...{ contract: asId<ContractId>(token.contract), month: token.month },
        message: Buffer.from(token.message, 'base64url'),
        signature: Buffer.from(token.signature, 'base64url'),
      },
      hours,
    })
    return outcome.ok ? answer(c, { taken_in: true }) : problem(c, refusalOf(outcome))
  })
}

function occasionOf(c: Context<Env>, { bundle, gate }: FaceContext): Occasion {
  return { bundle: bundle(), now: gate.clock.now(), requestId: c.get('requestId') }
}

function keyJson({ contract, month, publicKey, announced }: AnnouncedMonth, { bundle, now }: Occasion) {
  return {
    ...{ contract, month, phase: phaseOf(month, now, bundle.document.varco.time_zone) },
    public_key: publicKey.toString('base64url'),
    digest: workKeyDigest(publicKey),
    /** The entry of the log that tells of the key. */
    event: announced,
  }
}

function answer(c: Context<Env>, body: object): Response {
  return Response.json(body, { headers: commonHeaders(c.get('requestId')) })
}

const STATUS: Readonly<Record<WorkRefusalCode, Refusal['status']>> = {
  'work-no-contract': 403,
  'work-not-now': 409,
  'work-bad-blinding': 400,
  'work-token-taken': 409,
  'work-bad-token': 403,
  'work-token-used': 409,
  'work-bad-hours': 400,
}

function refusalOf({ code, text }: WorkRefused): Refusal {
  return { refused: true, status: STATUS[code], code, text }
}

const NOT_A_PERSON: Refusal = {
  refused: true,
  status: 403,
  code: 'not-a-person',
  text: {
    it: 'Solo una persona dichiara il proprio lavoro.',
    en: 'Only a person declares their work.',
  },
}
