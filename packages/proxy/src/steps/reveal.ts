import type { Appended } from '@varco/access-log'
import type { FieldName } from '@varco/core'
import { commonHeaders } from '../answer/common-headers.ts'
import { entityTag } from '../answer/entity-tag.ts'
import { csvHeader } from '../answer/write-record.ts'
import type { AnswerFormat } from '../answer/negotiate-format.ts'
import type { Visit } from '../visit.ts'
import type { Shown, ShownLevel } from './mask.ts'
import type { Column } from './plan-reading.ts'
import { WorkedOutOnce } from './worked-out-once.ts'

/** Step 7: the answer, now that it is recorded. The entry's id goes with it. */
export function reveal(
  { gate, method, requestId, respond }: Visit,
  shown: Shown,
  format: AnswerFormat,
  entry: Appended,
): Response {
  const headers = {
    ...commonHeaders(requestId),
    'content-type': format.contentType,
    'content-range': contentRange(shown),
    'varco-event': entry.id,
    'varco-masked': maskedHeader(shown),
    ...(format.single && shown.records[0] !== undefined
      ? { etag: entityTag(gate.maskKeys, shown.level.reading.resource.name, shown.records[0]) }
      : {}),
  }
  return respond(isPart(shown) ? 206 : 200, headers, method === 'HEAD' ? null : bodyOf(shown, format))
}

/** The names of what is masked, as a header holds them. */
export function maskedHeader({ level }: Shown): string {
  const { reading, masked, embedded } = level
  if (embedded.length > 0) return headerOf(level)
  return MASKED.of(reading.columns, masked, () => headerOf(level))
}

/** Both are remembered, the one with the permit and the selection, the other with the outcomes. */
const MASKED = new WorkedOutOnce<readonly Column[], readonly FieldName[], string>()

function headerOf(level: ShownLevel): string {
  return encodeURI(maskedFields(level).join(','))
}

export function bodyOf({ names, records }: Shown, { kind, single }: AnswerFormat): string {
  if (kind === 'csv') return [csvHeader(names), ...records].join('\n')
  return single ? (records[0] ?? '{}') : `[${records.join(',')}]`
}

/** Some of the records, and known to be only some. Whoever only counts gets no part of anything. */
function isPart({ level, records, total }: Shown): boolean {
  return total !== null && level.reading.query.limit > 0 && records.length < total
}

function contentRange({ level, records, total }: Shown): string {
  const { offset } = level.reading.query
  const range = records.length === 0 ? '*' : `${offset}-${offset + records.length - 1}`
  return `${range}/${total ?? '*'}`
}

/** What is masked in some record of the answer, or would be in any: an empty answer says it too. */
function maskedFields({ reading, masked, embedded }: ShownLevel, prefix = ''): readonly string[] {
  const { columns, permit } = reading
  const always = columns
    .filter(({ field }) => permit.fields.get(field)?.best === 'masked')
    .map(({ field }) => field)
  return [
    ...[...new Set([...always, ...masked])].map((field) => `${prefix}${field}`),
    ...embedded.flatMap((level) => maskedFields(level, `${prefix}${level.as}.`)),
  ]
}
