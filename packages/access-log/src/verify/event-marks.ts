/** What verification needs of an event's body. */
export interface EventMarks {
  readonly origin: string
  readonly writer: string
  readonly epoch: number
  readonly seq: string
  readonly at: string
  readonly kind: string
  readonly operator: string | null
  readonly ticket: string | null
  readonly denied: boolean
  /** Root over the side rows, base64; `null` when there are none. */
  readonly sideRoot: string | null
  /** How many side rows there were: one for each disclosure, one for the salt of filters and changes. */
  readonly sideRows: number
  /** Hash of the checkpoint before the event's batch, base64, on a batch's first event. */
  readonly previous: string | null
}

interface Body {
  readonly origin: string
  readonly writer: string
  readonly epoch: number
  readonly seq: string
  readonly at: string
  readonly kind: string
  readonly operator?: string
  readonly ticket?: string
  readonly decision?: string
  readonly disclosed?: { readonly count: number; readonly root: string }
  readonly filters?: readonly unknown[]
  readonly changes?: readonly unknown[]
  readonly previous?: string
}

/** Reads the marks of an event whose body begins at `from`; `null` when the bytes are no event. */
export function eventMarks(bytes: Buffer, from = 0): EventMarks | null {
  // Latin1 is quicker to decode; where it would matter, the quick way gives up.
  return quickMarks(bytes.toString('latin1', from)) ?? parsedMarks(bytes.toString('utf8', from))
}

/** The marks by parsing the whole body. */
export function parsedMarks(body: string): EventMarks | null {
  try {
    const { disclosed, filters, changes, previous, operator, ticket, decision, ...read } = JSON.parse(
      body,
    ) as Body
    const { origin, writer, epoch, seq, at, kind } = read
    if (typeof writer !== 'string' || typeof seq !== 'string') return null
    const sideRows = (disclosed?.count ?? 0) + (filters === undefined && changes === undefined ? 0 : 1)
    return {
      origin,
      writer,
      epoch,
      seq,
      at,
      kind,
      operator: operator ?? null,
      ticket: ticket ?? null,
      denied: decision === 'deny',
      sideRoot: disclosed?.root ?? null,
      sideRows,
      previous: previous ?? null,
    }
  } catch {
    return null
  }
}

const NOT_ASCII = /[\u0080-\uffff]/
/** Length of a SHA-256 digest in base64. */
const HASH_CHARS = 44

/**
 * The marks by stepping over an access's members in their canonical order, several times faster than parsing. An unescaped
 * quote inside a JSON text does not exist, so the next quote ends it; at the first escape, and at anything
 * else that is not just as the writer writes an access, it gives up: `null`.
 */
export function quickMarks(body: string): EventMarks | null {
  let at = 0
  const skip = (opening: string, closing: string): string | null => {
    if (!body.startsWith(opening, at)) return null
    const start = at + opening.length
    const end = body.indexOf(closing, start)
    if (end < 0) return null
    at = end + closing.length
    return body.slice(start, end)
  }
  if (body.includes('\\') || !body.endsWith('"}') || skip('{"action":"', '"') === null) return null
  const time = skip(',"at":"', '"')
  skip(',"contract":"', '"')
  const decision = skip(',"decision":"', '"')
  const count = skip(',"disclosed":{"count":', ',')
  const sideRoot = count === null ? null : skip('"root":"', '"}')
  const epoch = skip(',"epoch":', ',')
  at--
  const filters = skip(',"filters":[', ']')
  skip(',"grant":"', '"')
  skip(',"instructedBy":"', '"')
  const kind = skip(',"kind":"', '"')
  skip(',"masked":[', ']')
  const operator = skip(',"operator":"', '"')
  const origin = skip(',"origin":"', '"')
  const seqAt = body.lastIndexOf(',"seq":"')
  const linkAt = body.indexOf(',"previous":"', at)
  const writerAt = body.lastIndexOf(',"writer":"')
  if (time === null || epoch === null || kind === null || origin === null || seqAt < at || writerAt < seqAt)
    return null
  if (sideRoot !== null && sideRoot.length !== HASH_CHARS) return null
  const seqStart = seqAt + ',"seq":"'.length
  const linkStart = linkAt + ',"previous":"'.length
  const seq = body.slice(seqStart, body.indexOf('"', seqStart))
  at = seqStart + seq.length + 1
  const ticket = skip(',"ticket":"', '"')
  const writer = body.slice(writerAt + ',"writer":"'.length, -2)
  if (writer.includes('"') || NOT_ASCII.test(`${origin}${operator}${ticket}`)) return null
  return {
    origin,
    writer,
    epoch: Number(epoch),
    seq,
    at: time,
    kind,
    operator,
    ticket,
    denied: decision === 'deny',
    sideRoot,
    sideRows: Number(count ?? 0) + (filters === null ? 0 : 1),
    previous: linkAt < 0 ? null : body.slice(linkStart, linkStart + HASH_CHARS),
  }
}
