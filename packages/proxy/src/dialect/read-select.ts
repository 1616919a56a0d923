import { QueryError, type SelectItem } from './query.ts'
import { nameOf, readPlace } from './read-place.ts'
import { splitList, unquote } from './split-list.ts'

const MAX_ITEMS = 200

/** What `select` names. */
export interface Selection {
  /** `null`: everything that is visible. */
  readonly items: readonly SelectItem[] | null
  readonly embeds: readonly EmbedText[]
}

/** `account:producer!inner(name,iban)`, its inside still to be read. */
export interface EmbedText {
  readonly relation: string
  readonly as: string
  readonly inner: boolean
  readonly spread: boolean
  readonly select: string
}

/**
 * `number,iban`, `*`, `account:iban`, `amount::text`, `producer(name)`.
 * @throws QueryError
 */
export function readSelect(text: string): Selection {
  const pieces = splitList(text, ',')?.map((piece) => piece.trim())
  if (pieces === undefined || pieces.length > MAX_ITEMS || pieces.includes(''))
    throw new QueryError('invalid-query', FORM)
  const read = pieces.map((piece) => readEmbed(piece) ?? readItem(piece))
  const embeds = read.filter((each) => 'relation' in each)
  const items = read.filter((each) => 'kind' in each)
  const names = read.flatMap((each) =>
    ('kind' in each ? each.kind === 'all' : each.spread) ? [] : [each.as],
  )
  if (new Set(names).size < names.length) throw new QueryError('invalid-query', TWICE)
  const everything = items.length > 0 && items.every(({ kind }) => kind === 'all')
  return { items: everything ? null : items, embeds }
}

function readItem(piece: string): SelectItem {
  if (piece === '*') return { kind: 'all', field: '', as: '', asText: false }
  const asText = piece.endsWith('::text')
  const name = asText ? piece.slice(0, -'::text'.length) : piece
  if (name.includes('::')) throw new QueryError('not-supported', UNSUPPORTED)
  const [shown, as] = named(name)
  const place = readPlace(shown)
  if (place === null) throw new QueryError('not-supported', UNSUPPORTED)
  return { kind: 'field', ...place, as: as ?? nameOf(place), asText }
}

/** `null`: not one. */
function readEmbed(piece: string): EmbedText | null {
  const spread = piece.startsWith('...')
  const match = /^([^()]+?)(!inner|!left)?\((.*)\)$/s.exec(spread ? piece.slice(3) : piece)
  const [, name = '', join, select = ''] = match ?? []
  if (match === null || name.includes('!') || name.includes('.') || piece === 'count()') return null
  const [text, as] = named(name)
  const relation = unquote(text)
  return { relation, as: as ?? relation, inner: join === '!inner', spread, select: select.trim() }
}

/** `as:name`, or the name alone; the name still as it was written. */
function named(text: string): readonly [name: string, as: string | null] {
  const [first = '', second, ...others] = splitList(text, ':') ?? []
  const name = second ?? first
  const as = second === undefined ? null : unquote(first)
  if (others.length > 0 || name === '' || as === '' || /\p{Cc}/u.test(as ?? unquote(name)))
    throw new QueryError('invalid-query', FORM)
  return [name, as]
}

const FORM = {
  it: 'select: nomi di campi e relazioni separati da virgole, oppure *.',
  en: 'select: names of fields and relations with commas between, or *.',
}
const TWICE = {
  it: 'select: due parti con lo stesso nome nella risposta.',
  en: 'select: two parts with the same name in the answer.',
}
const UNSUPPORTED = {
  it: 'select: solo campi, con o senza un altro nome (nome:campo), ->chiave, ->>chiave e ::text, relazioni come rel(campi), rel!inner(campi) e ...rel(campi), oppure *.',
  en: 'select: only fields, with or without another name (name:field), ->key, ->>key and ::text, relations such as rel(fields), rel!inner(fields) and ...rel(fields), or *.',
}
