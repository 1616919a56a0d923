import type { ClosedCondition, RecordFilter, RecordOrder, RecordQuery, RecordSet } from '@varco/policy'

/** A parameter of a statement: a list travels as one array. */
type Value = string | number | readonly string[]

/** A query; without fields, only how many records it finds. */
export interface Question extends Omit<RecordQuery, 'fields'> {
  readonly fields: RecordQuery['fields'] | null
}

/** What a query's text depends on, and the values it does not depend on, in the order in which the query holds them. */
export interface Shape {
  readonly key: string
  readonly values: readonly Value[]
}

/** Two queries of one resource with the same key differ in their values alone. */
export function shapeOf({ fields, reach, filter, order, offset, limit }: Question): Shape {
  const values: Value[] = []
  const found = `${conditionShape(reach, values)};${filter === null ? '' : filterShape(filter, values)}`
  let key = `${fields === null ? 'count' : fields.join()};${found};`
  for (const term of order) key += `${orderShape(term, values)},`
  values.push(limit, offset)
  return { key, values }
}

function conditionShape(condition: ClosedCondition, values: Value[]): string {
  switch (condition.op) {
    case 'always':
    case 'never':
    case 'unknown':
      return condition.op
    case 'and':
    case 'or': {
      let shape = `${condition.op}(`
      for (const part of condition.of) shape += `${conditionShape(part, values)},`
      return `${shape})`
    }
    case 'not':
    case 'is-true':
    case 'is-not-false':
      return `${condition.op}(${conditionShape(condition.of, values)})`
    case 'in':
    case 'nin':
      // An empty list is written without a parameter.
      if (condition.values.length === 0) return `${condition.op} ${condition.field} ()`
      values.push(condition.values.map(String))
      return `${condition.op} ${condition.field}`
    case 'between':
      values.push(String(condition.from), String(condition.to))
      return `between ${condition.field}`
    case 'exists':
      return `exists ${condition.field} ${condition.value}`
    default:
      if ('other' in condition) return `${condition.op} ${condition.field} ${condition.other}`
      values.push(String(condition.value))
      return `${condition.op} ${condition.field}`
  }
}

function orderShape({ field, at, of, direction, nulls }: RecordOrder, values: Value[]): string {
  if (at !== undefined) values.push(at.path)
  const place = at === undefined ? '' : ` ${at.as}`
  const owner = of === undefined ? '' : ` of ${of.from} ${of.to} ${setShape(of.set, values)}`
  return `${field}${place}${owner} ${direction} ${nulls}`
}

function setShape({ resource, reach, filter }: RecordSet, values: Value[]): string {
  const shape = `${conditionShape(reach, values)};${filter === null ? '' : filterShape(filter, values)}`
  return `${resource.name}{${shape}}`
}

function filterShape(filter: RecordFilter, values: Value[]): string {
  switch (filter.kind) {
    case 'all':
    case 'any': {
      let shape = `${filter.kind}[`
      for (const part of filter.of) shape += `${filterShape(part, values)},`
      return `${shape}]`
    }
    case 'not':
      return `not[${filterShape(filter.of, values)}]`
    case 'condition':
      return conditionShape(filter.condition, values)
    case 'related':
      return `related ${filter.field} ${filter.to} ${setShape(filter.set, values)}`
    case 'like':
      values.push(filter.pattern)
      return `${filter.ignoreCase ? 'ilike' : 'like'} ${filter.field}`
    case 'matches':
      values.push(filter.pattern)
      return `${filter.ignoreCase ? 'imatch' : 'match'} ${filter.field}`
    case 'within':
      values.push(filter.values)
      return `within ${filter.field}`
    case 'list':
      values.push(filter.values)
      return `list ${filter.field}`
    case 'at':
      values.push(filter.path)
      return `at ${filter.field} ${filter.as}[${filterShape(filter.of, values)}]`
    case 'json':
      values.push(filter.value)
      return `json ${filter.field} ${filter.test}`
    case 'range':
      values.push(filter.value)
      return `range ${filter.field} ${filter.test}`
    case 'words':
      values.push(filter.text)
      return `words ${filter.field} ${filter.form} ${filter.language}`
  }
}

/** A query whose limit and offset may be markers. */
export interface Writable extends Omit<Question, 'limit' | 'offset'> {
  readonly limit: Value
  readonly offset: Value
}

/** The same query with a marker in place of each value, so that its parameters can be told apart once it is written. */
export function withMarkers(query: Question): {
  readonly query: Writable
  /** Which of `shapeOf(query).values` a parameter stands for; `null`: none. */
  readonly placeOf: (parameter: unknown) => number | null
} {
  let count = 0
  const mark = (): string => `marker ${count++}`
  const reach = markCondition(query.reach, mark)
  const filter = query.filter === null ? null : markFilter(query.filter, mark)
  const order = query.order.map((term) => markOrder(term, mark))
  const limit = mark()
  const offset = mark()
  return {
    query: { ...query, reach, filter, order, limit, offset },
    placeOf: (parameter) => {
      const marker: unknown = Array.isArray(parameter) ? parameter[0] : parameter
      const match = typeof marker === 'string' ? /^marker (\d+)$/.exec(marker) : null
      return match === null ? null : Number(match[1])
    },
  }
}

function markCondition(condition: ClosedCondition, mark: () => string): ClosedCondition {
  switch (condition.op) {
    case 'always':
    case 'never':
    case 'unknown':
    case 'exists':
      return condition
    case 'and':
    case 'or':
      return { ...condition, of: condition.of.map((part) => markCondition(part, mark)) }
    case 'not':
    case 'is-true':
    case 'is-not-false':
      return { ...condition, of: markCondition(condition.of, mark) }
    case 'in':
    case 'nin':
      return condition.values.length === 0 ? condition : { ...condition, values: [mark()] }
    case 'between':
      return { ...condition, from: mark(), to: mark() }
    case 'contains':
    case 'prefix':
      return { ...condition, value: mark() }
    default:
      return 'other' in condition ? condition : { ...condition, value: mark() }
  }
}

function markFilter(filter: RecordFilter, mark: () => string): RecordFilter {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return { ...filter, of: filter.of.map((part) => markFilter(part, mark)) }
    case 'not':
      return { ...filter, of: markFilter(filter.of, mark) }
    case 'condition':
      return { ...filter, condition: markCondition(filter.condition, mark) }
    case 'related':
      return { ...filter, set: markSet(filter.set, mark) }
    case 'like':
    case 'matches':
      return { ...filter, pattern: mark() }
    case 'within':
    case 'list':
      return { ...filter, values: [mark()] }
    case 'at': {
      const path = [mark()]
      return { ...filter, path, of: markFilter(filter.of, mark) }
    }
    case 'json':
    case 'range':
      return { ...filter, value: mark() }
    case 'words':
      return { ...filter, text: mark() }
  }
}

function markOrder(term: RecordOrder, mark: () => string): RecordOrder {
  const { at, of } = term
  return {
    ...term,
    ...(at === undefined ? {} : { at: { ...at, path: [mark()] } }),
    ...(of === undefined ? {} : { of: { ...of, set: markSet(of.set, mark) } }),
  }
}

function markSet(set: RecordSet, mark: () => string): RecordSet {
  const reach = markCondition(set.reach, mark)
  return { ...set, reach, filter: set.filter === null ? null : markFilter(set.filter, mark) }
}
