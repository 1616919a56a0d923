import type { Context } from 'hono'
import { serveUpstream } from '../upstream/serve-upstream.ts'
import { sentBody } from './records.ts'
import { visitOf, type Env, type Face } from './face.ts'

/** Existing JSON APIs, behind the gate. */
export const upstreamFace: Face = (app, context) => {
  const { upstreams } = context.dependencies
  if (upstreams === undefined) return
  const serve = (c: Context<Env, '/upstream/:name/*'>): Promise<Response> =>
    serveUpstream(visitOf(c, context), c.req.param('name'), sentBody(c), upstreams)
  app.get('/upstream/:name/*', serve)
  for (const method of ['PATCH', 'PUT', 'POST']) app.on(method, '/upstream/:name/*', serve)
  // No route has another method: refused, and recorded like any address that is none.
  app.all('/upstream/:name/*', serve)
}
