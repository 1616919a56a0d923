import { QueryError, type Range } from './query.ts'

/** What the parameters and the `Range` header say; `null` where they say nothing. */
export interface RangeTexts {
  readonly limit: string | null
  readonly offset: string | null
  readonly header: string | null
}

/**
 * `limit` and `offset`, within the `Range` header if that is sent too. A header that is no range of rows is no header.
 * @throws QueryError for a number that is none, and for a range with no row in it
 */
export function readRange({ limit, offset, header }: RangeTexts): Range {
  const asked: Range = { offset: readCount(offset) ?? 0, limit: readCount(limit) }
  const match = header === null ? null : /^(\d{1,9})-(\d{0,9})$/.exec(header)
  if (match === null) return asked
  const first = Number(match[1])
  const last = match[2] === '' ? Infinity : Number(match[2])
  if (last < first) throw new QueryError('PGRST103', EMPTY)
  return intersect(asked, { offset: first, limit: last === Infinity ? null : last - first + 1 })
}

function intersect(a: Range, b: Range): Range {
  const offset = Math.max(a.offset, b.offset)
  const end = Math.min(endOf(a), endOf(b))
  if (end < offset) throw new QueryError('PGRST103', EMPTY)
  return { offset, limit: end === Infinity ? null : end - offset }
}

function endOf({ offset, limit }: Range): number {
  return limit === null ? Infinity : offset + limit
}

function readCount(text: string | null): number | null {
  if (text === null) return null
  if (!/^\d{1,9}$/.test(text)) throw new QueryError('invalid-query', COUNT)
  return Number(text)
}

const COUNT = { it: 'limit, offset: numeri interi.', en: 'limit, offset: whole numbers.' }
const EMPTY = { it: 'L’intervallo non contiene righe.', en: 'The range holds no row.' }
