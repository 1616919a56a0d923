import type { JSX } from 'hono/jsx/jsx-runtime'
import type { LiveSession } from './sessions.ts'

export const CSRF_FIELD = 'csrf'

/** Goes into every form that is posted. */
export function CsrfField({ session }: { session: LiveSession }): JSX.Element {
  return <input type="hidden" name={CSRF_FIELD} value={session.csrf} />
}
