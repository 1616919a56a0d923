/** A query of the dialect before it is written down. */
export interface QueryTree {
  /** `null`: no parameter at all. */
  readonly select: readonly string[] | null
  readonly filters: readonly FilterTree[]
  readonly order: readonly {
    readonly field: string
    readonly desc: boolean
    readonly nulls: 'first' | 'last' | null
  }[]
  readonly limit: number | null
  readonly offset: number | null
}

export type FilterTree =
  | {
      readonly kind: 'leaf'
      readonly field: string
      readonly op: string
      readonly not: boolean
      readonly values: readonly string[]
    }
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
  if (select !== null) parameters.push(['select', select.join(',')])
  for (const filter of filters) parameters.push(parameterOf(filter))
  if (order.length > 0) parameters.push(['order', order.map(orderText).join(',')])
  if (limit !== null) parameters.push(['limit', String(limit)])
  if (offset !== null) parameters.push(['offset', String(offset)])
  return parameters
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

function parameterOf(filter: FilterTree): [string, string] {
  if (filter.kind === 'leaf') return [filter.field, comparisonText(filter, (value) => value)]
  return [`${filter.not ? 'not.' : ''}${filter.op}`, `(${filter.of.map(nodeText).join(',')})`]
}

function nodeText(filter: FilterTree): string {
  if (filter.kind === 'leaf') return `${filter.field}.${comparisonText(filter, quoted)}`
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

function orderText({ field, desc, nulls }: QueryTree['order'][number]): string {
  return `${field}${desc ? '.desc' : ''}${nulls === null ? '' : `.nulls${nulls}`}`
}
