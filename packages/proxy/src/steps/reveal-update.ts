import type { Appended } from '@varco/access-log'
import { commonHeaders } from '../answer/common-headers.ts'
import { entityTag } from '../answer/entity-tag.ts'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import type { Visit } from '../visit.ts'
import type { Updating } from './decide-update.ts'
import type { Shown } from './mask.ts'
import { bodyOf, maskedHeader } from './reveal.ts'

/** The last step of an update: what was changed, if it is wanted back. */
export function revealUpdate(
  { gate, requestId }: Visit,
  { preferences, update }: Updating,
  shown: Shown | null,
  format: AnswerFormat,
  changed: number,
  entry: Appended,
): Response {
  const [record, ...others] = shown?.records ?? []
  const headers = {
    ...commonHeaders(requestId),
    'varco-event': entry.id,
    'preference-applied': preferences.representation ? 'return=representation' : 'return=minimal',
    'content-range': `${changed === 0 ? '*' : `0-${changed - 1}`}/${preferences.count ? changed : '*'}`,
  }
  if (shown === null) return new Response(null, { status: 204, headers })
  const isOne = record !== undefined && others.length === 0
  return new Response(bodyOf(shown, format), {
    status: 200,
    headers: {
      ...headers,
      'content-type': format.contentType,
      'varco-masked': maskedHeader(shown),
      ...(isOne ? { etag: entityTag(gate.maskKeys, update.resource.name, record) } : {}),
    },
  })
}
