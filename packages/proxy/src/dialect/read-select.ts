import { QueryError, type SelectItem } from './query.ts'
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
  const names = read.flatMap((each) => ('kind' in each && each.kind === 'all' ? [] : [each.as]))
  if (new Set(names).size < names.length) throw new QueryError('invalid-query', TWICE)
  const everything = items.length > 0 && items.every(({ kind }) => kind === 'all')
  return { items: everything ? null : items, embeds }
}

function readItem(piece: string): SelectItem {
  if (piece === '*') return { kind: 'all', field: '', as: '', asText: false }
  const asText = piece.endsWith('::text')
  const name = asText ? piece.slice(0, -'::text'.length) : piece
  if (/[()!]|\.\.\.|->|::/.test(name)) throw new QueryError('not-supported', UNSUPPORTED)
  const [field, as] = named(name)
  return { kind: 'field', field, as, asText }
}

/** `null`: not one. */
function readEmbed(piece: string): EmbedText | null {
  const match = /^([^()]+?)(!inner|!left)?\((.+)\)$/s.exec(piece)
  const [, name = '', join, select = ''] = match ?? []
  if (match === null || name.includes('!') || name.includes('.')) return null
  const [relation, as] = named(name)
  return { relation, as, inner: join === '!inner', select }
}

/** `as:name`, or the name alone. */
function named(text: string): readonly [name: string, as: string] {
  const [first = '', second, ...others] = splitList(text, ':') ?? []
  const name = unquote(second ?? first)
  const as = unquote(first)
  if (others.length > 0 || name === '' || as === '' || /\p{Cc}/u.test(as))
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
  it: 'select: solo campi, con o senza un altro nome (nome:campo) e ::text, relazioni come rel(campi) e rel!inner(campi), oppure *.',
  en: 'select: only fields, with or without another name (name:field) and ::text, relations such as rel(fields) and rel!inner(fields), or *.',
}
