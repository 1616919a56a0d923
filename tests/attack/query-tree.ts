/** What stands within a field's value. */
export interface Within {
  readonly path: readonly string[]
  readonly as: 'json' | 'text'
}

/** A field, or what stands within it. */
export interface Named {
  readonly field: string
  readonly within?: Within
}

/** A query of the dialect before it is written down. */
export interface QueryTree {
  /** `null`: no parameter at all. */
  readonly select: readonly Named[] | null
  readonly filters: readonly FilterTree[]
  readonly order: readonly (Named & {
    readonly desc: boolean
    readonly nulls: 'first' | 'last' | null
  })[]
  readonly limit: number | null
  readonly offset: number | null
}

export type FilterTree =
  | (Named & {
      readonly kind: 'leaf'
      readonly op: string
      readonly not: boolean
      readonly values: readonly string[]
    })
  | {
      readonly kind: 'tree'
      readonly op: 'and' | 'or'
      readonly not: boolean
      readonly of: readonly FilterTree[]
    }

export function leaves(tree: FilterTree): readonly Extract<FilterTree, { kind: 'leaf' }>[] {
  return tree.kind === 'leaf' ? [tree] : tree.of.flatMap(leaves)
}

/** As a client would send it. */
export function queryText({ select, filters, order, limit, offset }: QueryTree): string {
  const parameters: [string, string][] = []
  if (select !== null) parameters.push(['select', select.map(selectText).join(',')])
  for (const filter of filters) parameters.push(parameterOf(filter))
  if (order.length > 0) parameters.push(['order', order.map(orderText).join(',')])
  if (limit !== null) parameters.push(['limit', String(limit)])
  if (offset !== null) parameters.push(['offset', String(offset)])
  return parameters
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

/** As the answer calls it: so that no two parts of it have one name. */
export function nameInAnswer({ field, within }: Named): string {
  return within === undefined ? field : `${field}_${within.as}_${within.path.join('_')}`
}

function selectText(named: Named): string {
  return named.within === undefined ? named.field : `${nameInAnswer(named)}:${placeText(named)}`
}

function placeText({ field, within }: Named): string {
  if (within === undefined) return field
  const last = within.path.length - 1
  return `${field}${within.path.map((step, at) => `${at === last && within.as === 'text' ? '->>' : '->'}${step}`).join('')}`
}

function parameterOf(filter: FilterTree): [string, string] {
  if (filter.kind === 'leaf') return [placeText(filter), comparisonText(filter, (value) => value)]
  return [`${filter.not ? 'not.' : ''}${filter.op}`, `(${filter.of.map(nodeText).join(',')})`]
}

function nodeText(filter: FilterTree): string {
  if (filter.kind === 'leaf') return `${placeText(filter)}.${comparisonText(filter, quoted)}`
  return `${filter.not ? 'not.' : ''}${filter.op}(${filter.of.map(nodeText).join(',')})`
}

function comparisonText(leaf: Extract<FilterTree, { kind: 'leaf' }>, one: (value: string) => string): string {
  const value =
    leaf.op === 'in'
      ? `(${leaf.values.map(quoted).join(',')})`
      : leaf.op === 'is'
        ? (leaf.values[0] ?? '')
        : one(leaf.values[0] ?? '')
  return `${leaf.not ? 'not.' : ''}${leaf.op}.${value}`
}

function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

function orderText({ desc, nulls, ...named }: QueryTree['order'][number]): string {
  return `${placeText(named)}${desc ? '.desc' : ''}${nulls === null ? '' : `.nulls${nulls}`}`
}
