import type { FieldName } from '@varco/core'
import { sql, type SQL } from 'drizzle-orm'
import type { FieldType } from '../bundle/schema.ts'
import {
  COMPARISONS,
  type ClosedCondition,
  type Comparison,
  type Constant,
  type FieldTypes,
} from '../decision/condition.ts'
import { typeClass } from './field-value.ts'

/**
 * The condition as parametrised SQL for a place where only TRUE counts (`WHERE`, `CASE WHEN`, `FILTER`): the
 * expression is TRUE exactly on the rows on which the condition is true in memory, and FALSE or NULL elsewhere.
 * Never negate it: negate the condition. No function stands around a column, so that indexes serve.
 * @param column how a field's column is written, with its table's alias if need be
 */
export function conditionToSql(
  condition: ClosedCondition,
  column: (field: FieldName) => SQL,
  types: FieldTypes,
): SQL {
  return compile(condition, true, { column, type: (field) => types.get(field)?.type ?? 'json' })
}

interface Target {
  readonly column: (field: FieldName) => SQL
  readonly type: (field: FieldName) => FieldType
}

/** An expression that is TRUE exactly where the condition has the wanted value; where it is unknown, for neither. */
function compile(condition: ClosedCondition, wanted: boolean, target: Target): SQL {
  switch (condition.op) {
    case 'always':
      return wanted ? sql`TRUE` : sql`FALSE`
    case 'never':
      return wanted ? sql`FALSE` : sql`TRUE`
    case 'unknown':
      return sql`FALSE`
    case 'and':
    case 'or':
      return junction(
        condition.of.map((part) => compile(part, wanted, target)),
        (condition.op === 'and') === wanted,
      )
    case 'not':
      return compile(condition.of, !wanted, target)
    case 'is-true':
      return wanted
        ? compile(condition.of, true, target)
        : sql`(${compile(condition.of, true, target)}) IS NOT TRUE`
    case 'is-not-false':
      return wanted
        ? sql`(${compile(condition.of, false, target)}) IS NOT TRUE`
        : compile(condition.of, false, target)
    case 'in':
    case 'nin':
      return membership(condition.field, condition.values, (condition.op === 'in') === wanted, target)
    case 'between':
      return junction(
        [
          comparison(wanted ? 'gte' : 'lt', condition.field, condition.from, target),
          comparison(wanted ? 'lte' : 'gt', condition.field, condition.to, target),
        ],
        wanted,
      )
    case 'exists':
      return condition.value === wanted
        ? sql`${target.column(condition.field)} IS NOT NULL`
        : sql`${target.column(condition.field)} IS NULL`
    case 'contains':
      return negated(sql`${target.column(condition.field)} @> ARRAY[${condition.value}]::text[]`, wanted)
    case 'prefix':
      return negated(sql`${target.column(condition.field)} ^@ ${condition.value}::text`, wanted)
    default: {
      const op = wanted ? condition.op : OPPOSITES[condition.op]
      return 'other' in condition
        ? comparisonOfFields(op, condition.field, condition.other, target)
        : comparison(op, condition.field, condition.value, target)
    }
  }
}

const OPPOSITES: Readonly<Record<Comparison, Comparison>> = {
  eq: 'neq',
  neq: 'eq',
  lt: 'gte',
  gte: 'lt',
  gt: 'lte',
  lte: 'gt',
}
const OPERATORS: Readonly<Record<Comparison, SQL>> = {
  eq: sql.raw('='),
  neq: sql.raw('<>'),
  lt: sql.raw('<'),
  lte: sql.raw('<='),
  gt: sql.raw('>'),
  gte: sql.raw('>='),
}

function junction(parts: readonly SQL[], all: boolean): SQL {
  const [first] = parts
  if (first === undefined) return all ? sql`TRUE` : sql`FALSE`
  return parts.length === 1 ? first : sql`(${sql.join([...parts], all ? sql` AND ` : sql` OR `)})`
}

function negated(expression: SQL, wanted: boolean): SQL {
  return wanted ? expression : sql`NOT (${expression})`
}

function comparison(op: Comparison, field: FieldName, value: Constant, target: Target): SQL {
  return sql`${target.column(field)} ${OPERATORS[op]} ${parameter(target.type(field), value)}${collation(op, target.type(field))}`
}

function comparisonOfFields(op: Comparison, field: FieldName, other: FieldName, target: Target): SQL {
  return sql`${target.column(field)} ${OPERATORS[op]} ${target.column(other)}${collation(op, target.type(field))}`
}

function membership(field: FieldName, values: readonly Constant[], isMember: boolean, target: Target): SQL {
  if (values.length === 0) return isMember ? sql`FALSE` : sql`TRUE`
  const list = sql`${sql.param(values.map(String))}::${arrayType(target.type(field))}`
  return isMember ? sql`${target.column(field)} = ANY(${list})` : sql`${target.column(field)} <> ALL(${list})`
}

/** Equality of text is the same under each deterministic collation; order is not, so it is fixed. */
function collation(op: Comparison, type: FieldType): SQL {
  const ordered = COMPARISONS.indexOf(op) > COMPARISONS.indexOf('neq')
  return ordered && typeClass(type) === 'text' ? sql.raw(' COLLATE "C"') : sql.raw('')
}

function parameter(type: FieldType, value: Constant): SQL {
  return sql`${String(value)}::${SQL_TYPES[type]}`
}

const SQL_TYPES: Readonly<Record<FieldType, SQL>> = {
  text: sql.raw('text'),
  integer: sql.raw('int8'),
  decimal: sql.raw('numeric'),
  boolean: sql.raw('boolean'),
  date: sql.raw('date'),
  timestamp: sql.raw('timestamptz'),
  uuid: sql.raw('uuid'),
  'text[]': sql.raw('text'),
  json: sql.raw('text'),
  int4range: sql.raw('int4range'),
  int8range: sql.raw('int8range'),
  numrange: sql.raw('numrange'),
  daterange: sql.raw('daterange'),
  tsrange: sql.raw('tsrange'),
  tstzrange: sql.raw('tstzrange'),
}

function arrayType(type: FieldType): SQL {
  return sql`${SQL_TYPES[type]}[]`
}
