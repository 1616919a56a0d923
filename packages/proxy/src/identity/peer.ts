import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** The network address at the other end of the connection; `null` where there is none, as in tests without a server. */
export function peerOf(c: Context): string | null {
  const env: unknown = c.env
  if (typeof env !== 'object' || env === null || !('incoming' in env)) return null
  return getConnInfo(c).remote.address ?? null
}
