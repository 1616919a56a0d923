import { serveUpstream } from '../upstream/serve-upstream.ts'
import { sentBody } from './records.ts'
import { visitOf, type Face } from './face.ts'

/** Existing JSON APIs, behind the gate. */
export const upstreamFace: Face = (app, context) => {
  const { upstreams } = context.dependencies
  if (upstreams === undefined) return
  app.all('/upstream/:name/*', (c) =>
    serveUpstream(visitOf(c, context), c.req.param('name'), sentBody(c), upstreams),
  )
}
