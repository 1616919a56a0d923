import { readRecords } from '../pipeline.ts'
import { refusal } from '../problems/problems.ts'
import { problem, visitOf, type Face } from './face.ts'

/** Reading records, in PostgREST's dialect. */
export const recordsFace: Face = (app, context) => {
  app.get('/records/:resource', (c) => readRecords(visitOf(c, context, c.req.param('resource'))))
  app.all('/records/:resource', (c) =>
    problem(c, refusal('method-not-allowed', { headers: { allow: 'GET, HEAD' } })),
  )
}
