import { compileBundle, type Bundle } from '@varco/policy'
import fc from 'fast-check'

/** How an answer is asked for: a list, one object, a table, a number beside a list or alone. */
const FORMS = ['list', 'list', 'list', 'one', 'table', 'list counted', 'count', 'count'] as const

/** A question about things and the parts that belong to them. */
export interface RelatedQuery {
  readonly form: (typeof FORMS)[number]
  readonly fields: readonly string[]
  /** `id=eq.` of it; `null`: all. */
  readonly id: number | null
  readonly embed: {
    /** One at most whose key the thing names, or as many as name the thing’s key. */
    readonly relation: keyof typeof RELATIONS
    readonly inner: boolean
    readonly spread: boolean
    readonly fields: readonly string[]
    readonly filter: { readonly field: string; readonly value: string } | null
  } | null
}

export const RELATIONS = {
  owner: { resource: 'part', field: 'score', to: 'id', many: false },
  parts: { resource: 'part', field: 'id', to: 'score', many: true },
} as const

const fields = (...names: readonly string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 })

export function arbitraryRelatedQuery(): fc.Arbitrary<RelatedQuery> {
  return fc
    .record({
      form: fc.constantFrom(...FORMS),
      fields: fields('id', 'word', 'score', 'flag', 'day').filter(({ length }) => length > 0),
      id: fc.option(fc.constantFrom(1, 2, 3, 4, 10, 77), { freq: 3 }),
      embed: fc.option(
        fc.record({
          relation: fc.constantFrom('owner' as const, 'parts' as const),
          inner: fc.boolean(),
          spread: fc.boolean(),
          fields: fields('id', 'word', 'amount', 'flag'),
          filter: fc.option(
            fc.constantFrom(
              { field: 'id', value: '2' },
              { field: 'word', value: 'a' },
              { field: 'flag', value: 'true' },
              { field: 'score', value: '1' },
            ),
          ),
        }),
        { freq: 5 },
      ),
    })
    .map((query) => (query.form === 'table' ? { ...query, embed: null } : query))
}

/** As a client would send it. */
export function relatedPath({
  form,
  fields: own,
  id,
  embed,
}: RelatedQuery): [string, Record<string, string>, string] {
  const within =
    embed === null
      ? []
      : [
          `${embed.spread ? '...' : ''}${embed.relation}${embed.inner ? '!inner' : ''}(${embed.fields.map((field) => `p_${field}:${field}`).join(',')})`,
        ]
  const parameters = [
    `select=${[...own, ...within].join(',')}`,
    ...(id === null ? [] : [`id=eq.${id}`]),
    ...(embed === null || embed.filter === null
      ? []
      : [`${embed.relation}.${embed.filter.field}=eq.${embed.filter.value}`]),
  ]
  const headers: Record<string, string> = {
    ...(form === 'one' ? { accept: 'application/vnd.pgrst.object+json' } : {}),
    ...(form === 'table' ? { accept: 'text/csv' } : {}),
    ...(form === 'count' || form === 'list counted' ? { prefer: 'count=exact' } : {}),
  }
  return [`/records/thing?${parameters.join('&')}`, headers, form === 'count' ? 'HEAD' : 'GET']
}

const ACTIONS = [
  ['read', 'search', 'count'],
  ['read', 'search', 'export'],
  ['read', 'search', 'count', 'export'],
  ['read', 'search'],
] as const

/** The world with a second resource under rules like the first’s, of which each shows less in its turn, and more to be done with both. */
export function withRelated({ document, version }: Bundle, turn: number): Bundle {
  const catalogue = document.catalogue.flatMap((file) => [
    { ...file, relations: RELATIONS },
    { ...file, resource: 'part' },
  ])
  const access = document.access.flatMap((rule, index) => {
    const at = turn + index
    const actions = rule.effect === 'permit' ? [...(ACTIONS[at % ACTIONS.length] ?? [])] : rule.actions
    const partActions = rule.effect === 'permit' ? [...(ACTIONS[(at + 2) % 3] ?? [])] : rule.actions
    const { where } = document.access[(index + 1) % document.access.length] ?? rule
    return [
      { ...rule, actions },
      {
        ...{ ...rule, id: `${rule.id}-part`, resource: 'part', actions: partActions },
        ...(where === undefined ? {} : { where }),
      },
    ]
  })
  return compileBundle({ ...document, catalogue, access }, version)
}
