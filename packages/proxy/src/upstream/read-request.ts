import type { FieldName } from '@varco/core'
import type { UpstreamRoute } from '@varco/policy'
import { QueryError, type FilterLeaf, type Query } from '../dialect/query.ts'
import { readParameters } from '../dialect/read-parameters.ts'
import { refusal } from '../problems/problems.ts'
import type { Refusal } from '../refusal.ts'
import type { MatchedRoute } from './match-route.ts'

/** What is asked of an upstream, in the policy's terms and in the upstream's. */
export interface UpstreamRequest {
  readonly query: Query
  /** The upstream's path with its query, made anew. */
  readonly path: string
}

/** Every parameter is the bundle's: one that it does not name could filter or order by what the caller may not see. */
export function readRequest({ route, values, path }: MatchedRoute, sent: string): UpstreamRequest | Refusal {
  const leaves: FilterLeaf[] = values.map(([field, value]) => equal(field, value))
  const passed: string[] = []
  try {
    const parameters = readParameters(sent)
    if (new Set(parameters.map(({ name }) => name)).size < parameters.length)
      return refusal('invalid-query', { hint: ONCE })
    for (const { name, value } of parameters) {
      const field = fieldOf(route, name)
      if (field === null || (field === 'paging' && !/^\d{1,9}$/.test(value)))
        return refusal('not-supported', { hint: DECLARED })
      if (field !== 'paging') leaves.push(equal(field.name, value))
      passed.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    }
  } catch (error) {
    if (error instanceof QueryError) return refusal(error.code, { hint: error.hint })
    // A lone surrogate cannot be encoded.
    if (error instanceof URIError) return refusal('invalid-query')
    throw error
  }
  return {
    query: filteredBy(leaves),
    path: passed.length === 0 ? path : `${path}?${passed.join('&')}`,
  }
}

function fieldOf(route: UpstreamRoute, parameter: string): { readonly name: FieldName } | 'paging' | null {
  if (route.kind !== 'read') return null
  if (route.paging.has(parameter)) return 'paging'
  const name = route.query.get(parameter)
  return name === undefined ? null : { name }
}

function equal(field: FieldName, value: string): FilterLeaf {
  return { kind: 'leaf', field, operator: 'eq', negated: false, values: [value] }
}

function filteredBy(leaves: readonly FilterLeaf[]): Query {
  const filter =
    leaves.length === 0 ? null : ({ kind: 'tree', operator: 'and', negated: false, of: leaves } as const)
  return { select: null, embeds: [], filter, order: [], range: { offset: 0, limit: null } }
}

const ONCE = { it: 'Ogni parametro una volta sola.', en: 'Each parameter once.' }
const DECLARED = {
  it: 'Un parametro non è tra quelli dichiarati per questo indirizzo.',
  en: 'A parameter is not among those declared for this address.',
}
