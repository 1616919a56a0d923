import { isoToMicros, type Micros } from '@varco/core'
import {
  isRefusedTicket,
  takeTicketMessages,
  TICKET_REFUSALS,
  type TicketDesk,
  type TicketMessage,
  type TicketRefusalCode,
} from '@varco/engagement'
import type { Context } from 'hono'
import * as z from 'zod'
import { commonHeaders } from '../answer/common-headers.ts'
import { turnAway } from '../pipeline.ts'
import { isRefusal, type Refusal } from '../refusal.ts'
import type { Visit } from '../visit.ts'
import { callerOf } from './caller.ts'
import { visitOf, type Env, type Face } from './face.ts'
import { readBody } from './read-body.ts'

const textSchema = z.string().min(1).max(256).nullable()
const changeShape = {
  /** When it happened, by the sender's clock; now, if absent. */
  at: z.iso.datetime({ offset: true }).optional(),
  status: z.enum(['open', 'closed']).optional(),
  data_subject: textSchema.optional(),
  purpose: z.string().min(1).max(64).optional(),
  category: textSchema.optional(),
  price: z.string().max(16).nullable().optional(),
}
export const changeSchema = z.strictObject(changeShape)
export const ticketSchema = z.strictObject({ id: z.string().min(1).max(128), ...changeShape })

/**
 * The feed from a contractor's own system. Only a service may send it, never a person: who opens a ticket opens a file.
 */
export const ticketsFace: Face = (app, context) => {
  const { tickets } = context.dependencies
  if (tickets === undefined) return
  app.post('/tickets', (c) => take(c, visitOf(c, context), tickets, ticketSchema, null))
  app.patch('/tickets/:id', (c) => take(c, visitOf(c, context), tickets, changeSchema, c.req.param('id')))
}

async function take(
  c: Context<Env>,
  visit: Visit,
  desk: TicketDesk,
  schema: z.ZodType<z.infer<typeof changeSchema> & { readonly id?: string }>,
  named: string | null,
): Promise<Response> {
  const caller = await callerOf(visit)
  if (caller instanceof Response) return caller
  if (caller.context.principal.kind !== 'workload') return turnAway(visit, NOT_A_SERVICE)
  const body = await readBody(c.req.raw, schema)
  if (isRefusal(body)) return turnAway(visit, body)
  const { contract, pseudonym: by } = caller.actor
  // A ticket that is told for the first time is open, unless it says otherwise.
  const told = named === null ? { status: 'open' as const, ...body } : body
  const message = messageOf(told, named ?? body.id ?? '', visit.now)
  const [verdict] = await takeTicketMessages(desk, visit, { contract, by, source: 'feed' }, [message])
  if (verdict === undefined || isRefusedTicket(verdict))
    return turnAway(visit, refusalOf(verdict ?? 'bad-value', named !== null))
  return Response.json(
    { id: message.id, outcome: verdict },
    { status: verdict === 'new' ? 201 : 200, headers: commonHeaders(visit.requestId) },
  )
}

function messageOf(body: z.infer<typeof changeSchema>, id: string, now: Micros): TicketMessage {
  const { at, category, data_subject: dataSubject, price, purpose, status } = body
  return {
    id,
    at: (at === undefined ? null : isoToMicros(at)) ?? now,
    ...(status === undefined ? {} : { status }),
    ...(dataSubject === undefined ? {} : { dataSubject }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(category === undefined ? {} : { category }),
    ...(price === undefined ? {} : { price }),
  }
}

const STATUS: Partial<Record<TicketRefusalCode, Refusal['status']>> = {
  'unknown-ticket': 404,
  'ticket-taken': 409,
  'purpose-fixed': 409,
  'data-subject-fixed': 409,
}

/** A change that lacks a purpose is one of a ticket nobody opened. */
function refusalOf(code: TicketRefusalCode, isChange: boolean): Refusal {
  const told = isChange && (code === 'purpose-missing' || code === 'ticket-taken') ? 'unknown-ticket' : code
  return { refused: true, status: STATUS[told] ?? 400, code: told, text: TICKET_REFUSALS[told] }
}

const NOT_A_SERVICE: Refusal = {
  refused: true,
  status: 403,
  code: 'not-a-service',
  text: {
    it: 'Le pratiche arrivano dal sistema del fornitore, non da una persona.',
    en: 'Tickets come from the contractor’s system, not from a person.',
  },
}
