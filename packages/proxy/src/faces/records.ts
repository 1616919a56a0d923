import type { Context } from 'hono'
import type { SentBody } from '../body/read-object.ts'
import { readRecords } from '../pipeline.ts'
import { refusal } from '../problems/problems.ts'
import { updateRecords } from '../update-records.ts'
import { problem, visitOf, type Env, type Face } from './face.ts'

/** Reading and changing records, in PostgREST's dialect. */
export const recordsFace: Face = (app, context) => {
  const { writer } = context.gate
  app.get('/records/:resource', (c) => readRecords(visitOf(c, context, c.req.param('resource'))))
  if (writer !== null)
    app.patch('/records/:resource', (c) =>
      updateRecords(visitOf(c, context, c.req.param('resource')), sentBody(c), writer),
    )
  const allow = writer === null ? 'GET, HEAD' : 'GET, HEAD, PATCH'
  app.all('/records/:resource', (c) => problem(c, refusal('method-not-allowed', { headers: { allow } })))
}

/** A request's body, not read yet. */
export function sentBody(c: Context<Env>): SentBody {
  const contentType = c.req.header('content-type')
  return { contentType, contentEncoding: c.req.header('content-encoding'), stream: c.req.raw.body }
}
