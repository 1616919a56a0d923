/** How the answer is written. */
export interface AnswerFormat {
  readonly kind: 'json' | 'csv'
  readonly contentType: string
  /** One object in place of an array; anything but one record is then refused. */
  readonly single: boolean
  /** Members that are null are left out. */
  readonly nullsStripped: boolean
}

const ARRAY: ReadonlySet<string> = new Set([
  ...[
    '*/*',
    'application/*',
    'application/json',
    'application/vnd.pgrst.array',
    'application/vnd.pgrst.array+json',
  ],
])
const OBJECT: ReadonlySet<string> = new Set([
  'application/vnd.pgrst.object',
  'application/vnd.pgrst.object+json',
])

const MOST_KNOWN = 100
const MOST_CHARS = 200
/** By the header as sent: programs send the same few for ever. */
const known = new Map<string, AnswerFormat | null>()

/** The first format of the `Accept` header that we speak; `null` when it is none. */
export function negotiateFormat(accept = '*/*'): AnswerFormat | null {
  const found = known.get(accept)
  if (found !== undefined) return found
  const format = readAccept(accept)
  if (known.size < MOST_KNOWN && accept.length <= MOST_CHARS) known.set(accept, format)
  return format
}

function readAccept(accept: string): AnswerFormat | null {
  for (const item of accept.split(',')) {
    const [type = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
    const nullsStripped = parameters.includes('nulls=stripped')
    const suffix = nullsStripped ? '; nulls=stripped' : ''
    if (ARRAY.has(type)) {
      const vendor = nullsStripped ? 'application/vnd.pgrst.array+json' : 'application/json'
      return { kind: 'json', contentType: `${vendor}${suffix}; charset=utf-8`, single: false, nullsStripped }
    }
    if (type === 'text/csv') {
      return { kind: 'csv', contentType: 'text/csv; charset=utf-8', single: false, nullsStripped: false }
    }
    if (OBJECT.has(type)) {
      return {
        kind: 'json',
        contentType: `application/vnd.pgrst.object+json${suffix}; charset=utf-8`,
        single: true,
        nullsStripped,
      }
    }
  }
  return null
}
