import { QueryError, type OrderTerm } from './query.ts'
import { readPlace } from './read-place.ts'
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
  const [named = '', ...modifiers] = splitList(piece, '.') ?? []
  const direction = modifiers[0] === 'asc' || modifiers[0] === 'desc' ? modifiers.shift() : undefined
  const nulls = modifiers[0] === 'nullsfirst' || modifiers[0] === 'nullslast' ? modifiers.shift() : undefined
  if (named === '' || modifiers.length > 0) throw new QueryError('invalid-query', FORM)
  const [, embed, inner = named] = /^([^()]+)\((.+)\)$/s.exec(named) ?? []
  const place = readPlace(inner)
  if (place === null) throw new QueryError('not-supported', FORM)
  return {
    ...(embed === undefined ? {} : { embed: unquote(embed) }),
    ...place,
    direction: direction === 'desc' ? 'desc' : 'asc',
    nulls: nulls === undefined ? null : nulls === 'nullsfirst' ? 'first' : 'last',
  }
}

const FORM = {
  it: 'order: campo (o relazione(campo), campo->>nome), poi .asc o .desc, poi .nullsfirst o .nullslast; virgole tra un campo e l’altro.',
  en: 'order: field (or relation(field), field->>name), then .asc or .desc, then .nullsfirst or .nullslast; commas between fields.',
}
