import type { AccessLog, AccessLogReader } from '@varco/access-log'
import { isId } from '@varco/core'
import { Hono } from 'hono'
import { notFoundPage } from '../errors/refusals.tsx'
import { asHtml } from '../layout/document.tsx'
import { recordReading } from '../log/log-reading.ts'
import { guard, type GuardedEnv } from '../visit/guard.ts'
import { EventPage } from './event-page.tsx'
import { judgeProof } from './proof-verdict.ts'

export interface EventDeps {
  readonly reader: AccessLogReader
  readonly log: AccessLog
  /** The log's public key, as a C2SP verifier key. */
  readonly logVerifierKey: string
}

/** The page of one event. */
export function eventRoutes({ reader, log, logVerifierKey }: EventDeps): Hono<GuardedEnv> {
  return new Hono<GuardedEnv>().get('/log/events/:id', guard('read-log'), async (c) => {
    const { visit } = c.var
    const id = c.req.param('id')
    const event = isId(id) ? await reader.find(id) : null
    if (event === null) return c.html(notFoundPage(visit), 404)
    const [disclosures, verdict] = await Promise.all([
      reader.disclosures(event.id),
      judgeProof(reader, event, logVerifierKey),
    ])
    await recordReading(log, visit, {
      action: 'read',
      reader: c.var.assignment,
      detail: { page: 'event', event: event.id },
    })
    return c.html(
      asHtml(<EventPage visit={visit} event={event} disclosures={disclosures} verdict={verdict} />),
    )
  })
}
