import type { RecordFilter } from '@varco/policy'
import type { Question } from './record-shape.ts'

/** A single statement's text, and for each parameter whether it holds a list. */
export interface SingleStatement {
  readonly text: string
  readonly lists: readonly boolean[]
}

/**
 * Whether a query names records by one value of their key, without an order: so it finds one record, quickly, and can
 * be asked together with others without making them wait.
 */
export function isKeyReading({ fields, filter, order, resource }: Question): boolean {
  if (fields === null || order.length > 0 || filter === null) return false
  const parts: readonly RecordFilter[] = filter.kind === 'all' ? filter.of : [filter]
  return (
    parts.every(({ kind }) => kind === 'condition') &&
    parts.some(
      (part) =>
        part.kind === 'condition' &&
        part.condition.op === 'eq' &&
        part.condition.field === resource.key &&
        'value' in part.condition,
    )
  )
}

/**
 * The text that asks a statement's question many times at once, each with its own values: its parameters come as arrays, one
 * element a question, but for lists, which the questions share. The first column of a row says whose it is, from 1.
 * The question itself stands there word for word, so that each is answered as if it had been asked alone.
 */
export function askedTogether({ text, lists }: SingleStatement): string {
  const columns = lists.flatMap((isList, index) => (isList ? [] : [`v${index + 1}`]))
  const arrays = lists.flatMap((isList, index) => (isList ? [] : [`$${index + 1}::text[]`]))
  const one = text.replaceAll(QUOTED_OR_PARAMETER, (found: string, place: string | undefined) =>
    place === undefined || lists[Number(place) - 1] === true ? found : `asked.v${place}`,
  )
  return (
    `SELECT asked.n, found.* FROM unnest(${arrays.join(', ')}) WITH ORDINALITY AS asked (${columns.join(', ')}, n) ` +
    `CROSS JOIN LATERAL (${one}) AS found`
  )
}

/** Names and texts in quotes may hold anything; a parameter stands outside of them. */
const QUOTED_OR_PARAMETER = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(\d+)/g
