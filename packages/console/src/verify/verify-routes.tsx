import { verifyApart } from '@varco/reports'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { asHtml } from '../layout/document.tsx'
import type { ConsoleEnv } from '../visit/visit.ts'
import { VerifyPage, type VerifyOutcome } from './verify-page.tsx'

export interface VerifyDeps {
  /** C2SP verifier key text of the log. */
  readonly logVerifierKey: string
}

/** A report with a thousand accesses takes about 5 MB as HTML. */
const LARGEST = 32 * 1024 * 1024
/** Checked at once: each takes memory and a core for a moment. */
const AT_ONCE = 2

/**
 * Anybody may have a report checked, signed in or not. The file is read, checked and forgotten: it is in no log and in no
 * folder. It changes nothing, so it needs no session's token.
 */
export function verifyRoutes({ logVerifierKey }: VerifyDeps): Hono<ConsoleEnv> {
  let checking = 0
  return new Hono<ConsoleEnv>()
    .get('/verify', (c) => c.html(asHtml(<VerifyPage visit={c.var.visit} outcome={null} />)))

    .post(
      '/verify',
      bodyLimit({
        maxSize: LARGEST,
        onError: (c) => c.html(asHtml(<VerifyPage visit={c.get('visit')} outcome="too-large" />), 413),
      }),
      async (c) => {
        const answer = (outcome: VerifyOutcome, status: 200 | 400 | 503): Response | Promise<Response> =>
          c.html(asHtml(<VerifyPage visit={c.var.visit} outcome={outcome} />), status)
        const form = await c.req.parseBody().catch(() => null)
        const file = form?.['report']
        if (!(file instanceof File) || file.size === 0) return answer('no-file', 400)
        const bytes = new Uint8Array(await file.arrayBuffer())
        // From here on alone: a slow upload takes nobody's place.
        if (checking >= AT_ONCE) {
          c.header('Retry-After', '5')
          return answer('busy', 503)
        }
        checking++
        try {
          const verification = await verifyApart(bytes, logVerifierKey)
          return await (verification === null ? answer('too-much', 400) : answer(verification, 200))
        } finally {
          checking--
        }
      },
    )
}
