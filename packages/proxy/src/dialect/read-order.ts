import { QueryError, type OrderTerm } from './query.ts'
import { splitList, unquote } from './split-list.ts'

const MAX_TERMS = 10

/**
 * `issued_on.desc.nullslast,number`.
 * @throws QueryError
 */
export function readOrder(text: string): readonly OrderTerm[] {
  const pieces = splitList(text, ',')
  if (pieces === null || pieces.length > MAX_TERMS) throw new QueryError('invalid-query', FORM)
  return pieces.map((piece) => readTerm(piece.trim()))
}

function readTerm(piece: string): OrderTerm {
  if (/[()]|->/.test(piece)) throw new QueryError('not-supported', FORM)
  const [field = '', ...modifiers] = splitList(piece, '.') ?? []
  const direction = modifiers[0] === 'asc' || modifiers[0] === 'desc' ? modifiers.shift() : undefined
  const nulls = modifiers[0] === 'nullsfirst' || modifiers[0] === 'nullslast' ? modifiers.shift() : undefined
  if (field === '' || modifiers.length > 0) throw new QueryError('invalid-query', FORM)
  return {
    field: unquote(field),
    direction: direction === 'desc' ? 'desc' : 'asc',
    nulls: nulls === undefined ? null : nulls === 'nullsfirst' ? 'first' : 'last',
  }
}

const FORM = {
  it: 'order: campo, poi .asc o .desc, poi .nullsfirst o .nullslast; virgole tra un campo e l’altro.',
  en: 'order: field, then .asc or .desc, then .nullsfirst or .nullslast; commas between fields.',
}
