import { selectionOf } from './known-selections.ts'
import { readComparison, readTree } from './read-filter.ts'
import { readOrder } from './read-order.ts'
import { readParameters, type Parameter } from './read-parameters.ts'
import { readRange } from './read-range.ts'
import type { EmbedText, Selection } from './read-select.ts'
import { leavesOf, QueryError, type Embed, type FilterNode, type Query } from './query.ts'

const RESERVED: ReadonlySet<string> = new Set(['select', 'order', 'limit', 'offset'])
const TREES: ReadonlySet<string> = new Set(['and', 'or', 'not.and', 'not.or'])
/** Parameters of PostgREST that only writing has. */
const MEANINGLESS: ReadonlySet<string> = new Set(['columns', 'on_conflict'])

/**
 * Reads a query string in PostgREST's dialect.
 * @param rangeHeader the `Range` header, when its unit is rows
 * @throws QueryError
 */
export function readQuery(query: string, rangeHeader: string | null): Query {
  const read = readLevel(readParameters(query), rangeHeader, 0)
  if (patternsIn(read) > MAX_PATTERNS) throw new QueryError('invalid-query', PATTERNS)
  return read
}

const MAX_DEPTH = 3
const MAX_EMBEDS = 10
/** PostgreSQL keeps 32 compiled expressions a connection: of more, each would be compiled anew for every row. */
const MAX_PATTERNS = 8

/** Regular expressions, also of what is embedded. */
function patternsIn({ filter, embeds }: Query): number {
  const own = leavesOf(filter).filter(({ operator }) => operator === 'match' || operator === 'imatch')
  return embeds.reduce((sum, { query }) => sum + patternsIn(query), own.length)
}

const EVERYTHING: Selection = { items: null, embeds: [] }
/** `producer()`: for whether there is one, and to order by. */
const NOTHING: Selection = { items: [], embeds: [] }

/** A parameter `producer.region=…` speaks of the embedded `producer`; what is left of its name is that level's own. */
function readLevel(parameters: readonly Parameter[], rangeHeader: string | null, depth: number): Query {
  const select = only(parameters, 'select')
  const isWithin = depth > 0
  const { items, embeds } =
    select === null ? EVERYTHING : isWithin && select === '' ? NOTHING : selectionOf(select)
  if (depth >= MAX_DEPTH || embeds.length > MAX_EMBEDS) {
    if (embeds.length > 0) throw new QueryError('not-supported', DEEP)
  }
  const isInner = ({ name }: Parameter): boolean => embeds.some(({ as }) => name.startsWith(`${as}.`))
  const own = embeds.length === 0 ? parameters : parameters.filter((parameter) => !isInner(parameter))
  const order = only(own, 'order')
  const limit = only(own, 'limit')
  const offset = only(own, 'offset')
  const filters: FilterNode[] = []
  for (const parameter of own)
    if (!RESERVED.has(parameter.name)) filters.push(withEmbedTests(readFilter(parameter), embeds))
  const [first, ...others] = filters
  return {
    select: items,
    embeds: embeds.map((embed) => readInner(embed, parameters, depth)),
    filter:
      first === undefined || others.length === 0
        ? (first ?? null)
        : { kind: 'tree', operator: 'and', negated: false, of: filters },
    order: order === null ? [] : readOrder(order),
    range: readRange({ limit, offset, header: rangeHeader }),
  }
}

function readInner(
  { relation, as, inner, spread, select }: EmbedText,
  parameters: readonly Parameter[],
  depth: number,
): Embed {
  const prefix = `${as}.`
  const its = parameters
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ name, value }) => ({ name: name.slice(prefix.length), value }))
  return {
    relation,
    as,
    inner,
    spread,
    query: readLevel([{ name: 'select', value: select }, ...its], null, depth + 1),
  }
}

/** `producer=is.null` speaks of what is embedded, if anything is under that name. */
function withEmbedTests(node: FilterNode, embeds: readonly EmbedText[]): FilterNode {
  if (node.kind === 'tree') return { ...node, of: node.of.map((part) => withEmbedTests(part, embeds)) }
  if (node.kind !== 'leaf' || node.operator !== 'is' || node.at !== undefined) return node
  const [word] = node.values
  if ((word !== 'null' && word !== 'not_null') || !embeds.some(({ as }) => as === node.field)) return node
  return { kind: 'embedded', as: node.field, negated: node.negated !== (word === 'null') }
}

function readFilter({ name, value }: Parameter): FilterNode {
  if (MEANINGLESS.has(name)) throw new QueryError('not-supported', WRITING)
  return TREES.has(name) ? readTree(name, value) : readComparison(name, value)
}

function only(parameters: readonly Parameter[], name: string): string | null {
  let found: string | null = null
  for (const parameter of parameters) {
    if (parameter.name !== name) continue
    if (found !== null) throw new QueryError('invalid-query', TWICE)
    found = parameter.value
  }
  return found
}

const TWICE = {
  it: 'select, order, limit, offset: una volta sola.',
  en: 'select, order, limit, offset: once at most.',
}
const DEEP = {
  it: `Al massimo ${MAX_EMBEDS} relazioni, una dentro l’altra al massimo ${MAX_DEPTH} volte.`,
  en: `At most ${MAX_EMBEDS} relations, at most ${MAX_DEPTH} within one another.`,
}
const PATTERNS = {
  it: `match e imatch: al massimo ${MAX_PATTERNS} espressioni in tutta la richiesta, relazioni comprese.`,
  en: `match and imatch: at most ${MAX_PATTERNS} expressions in all of the request, relations included.`,
}
const WRITING = {
  it: 'columns e on_conflict non valgono in lettura.',
  en: 'columns and on_conflict mean nothing when reading.',
}
