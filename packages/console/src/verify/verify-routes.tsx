import { verifyApart } from '@varco/reports'
import { Hono, type Context } from 'hono'
import { asHtml } from '../layout/document.tsx'
import type { ConsoleEnv } from '../visit/visit.ts'
import { boundUploads, type UploadRefused } from './bound-uploads.ts'
import { networkOf } from './network-of.ts'
import { VerifyPage, type VerifyOutcome } from './verify-page.tsx'

export interface VerifyDeps {
  /** C2SP verifier key text of the log. */
  readonly logVerifierKey: string
}

const MB = 1024 * 1024
export const UPLOADS = {
  /** A report with a thousand accesses takes about 5 MB as HTML. */
  largest: 32 * MB,
  all: { atOnce: 500, held: 256 * MB },
  each: { atOnce: 250, held: 128 * MB },
  pace: { bytes: 160 * 1024, everyMs: 10_000 },
} as const
const REFUSED: Readonly<Record<UploadRefused, 408 | 413 | 503>> = {
  'too-slow': 408,
  'too-large': 413,
  busy: 503,
}
/** Checked at once: each takes memory and a core for a moment. */
const AT_ONCE = 2

/**
 * Anybody may have a report checked, signed in or not. The file is read, checked and forgotten: it is in no log and in no
 * folder. It changes nothing, so it needs no session's token.
 */
export function verifyRoutes({ logVerifierKey }: VerifyDeps): Hono<ConsoleEnv> {
  let checking = 0
  const answer = (c: Context<ConsoleEnv>, outcome: VerifyOutcome, status: 200 | 400 | 408 | 413 | 503) => {
    if (status === 503) c.header('Retry-After', '5')
    // The rest would still come, and nobody waits for it.
    if (status === 408) c.header('Connection', 'close')
    return c.html(asHtml(<VerifyPage visit={c.var.visit} outcome={outcome} />), status)
  }
  return new Hono<ConsoleEnv>()
    .get('/verify', (c) => answer(c, null, 200))

    .post(
      '/verify',
      boundUploads(UPLOADS, networkOf, (c, why) => answer(c, why, REFUSED[why])),
      async (c) => {
        const form = await c.req.parseBody().catch(() => null)
        const file = form?.['report']
        if (!(file instanceof File) || file.size === 0) return answer(c, 'no-file', 400)
        const bytes = new Uint8Array(await file.arrayBuffer())
        // From here on alone: a slow upload takes nobody's place.
        if (checking >= AT_ONCE) return answer(c, 'busy', 503)
        checking++
        try {
          const verification = await verifyApart(bytes, logVerifierKey)
          return await (verification === null ? answer(c, 'too-much', 400) : answer(c, verification, 200))
        } finally {
          checking--
        }
      },
    )
}
