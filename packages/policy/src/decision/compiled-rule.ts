import type { FieldName, RuleId } from '@varco/core'
import type { FieldType, MaskName, RuleDocument } from '../bundle/schema.ts'
import { bindCondition, boundValue } from '../condition/bind-condition.ts'
import type { Context } from '../condition/context.ts'
import {
  compileCondition,
  type DataRecord,
  type Evaluator,
  type Truth,
} from '../condition/evaluate-condition.ts'
import { keyOf } from '../condition/field-value.ts'
import { partsOf } from '../condition/parts-of.ts'
import { simplify } from '../condition/simplify.ts'
import type { ClosedCondition, Condition, FieldTypes, Reference } from './condition.ts'

/** A rule, checked and ready: its condition as a closure for memory, and bindable for SQL. */
export interface CompiledRule {
  readonly id: RuleId
  readonly effect: 'permit' | 'forbid'
  readonly document: RuleDocument
  /** Over the record alone; a required grant's limit to one record comes on top. */
  readonly condition: Condition
  readonly conditionFields: readonly FieldName[]
  /** What it says of a field it names; `forbid` says hidden. */
  readonly fields: ReadonlyMap<FieldName, RuleOutcome>
  /** A forbid that names no fields takes the whole record. */
  readonly wholeRecord: boolean
  readonly roles: ReadonlySet<string> | null
  readonly purposes: ReadonlySet<string> | null
  readonly contracts: ReadonlySet<string> | null
  readonly evaluate: (record: DataRecord, context: Context) => Truth
  readonly bind: (context: Context) => ClosedCondition
}

export type RuleOutcome = 'plain' | 'hidden' | MaskName

const GRANTED_RECORD: Reference = { scope: 'grant', name: 'record' }

export function compileRule(
  document: RuleDocument,
  condition: Condition,
  key: FieldName,
  types: FieldTypes,
): CompiledRule {
  const fields = new Map<FieldName, RuleOutcome>()
  for (const name of document.fields?.plain ?? []) fields.set(name as FieldName, 'plain')
  for (const [name, mask] of Object.entries(document.fields?.masked ?? {}))
    fields.set(name as FieldName, mask)
  for (const name of document.fields?.hidden ?? []) fields.set(name as FieldName, 'hidden')
  const evaluator = compileCondition(condition, types)
  const granted = document.require.grant ? { key, type: types.get(key)?.type ?? 'json' } : null
  return {
    id: document.id as RuleId,
    effect: document.effect,
    document,
    condition,
    conditionFields: [...fieldsRead(condition), ...(granted === null ? [] : [key])],
    fields,
    wholeRecord: document.effect === 'forbid' && document.fields === undefined,
    roles: setOf(document.role),
    purposes: setOf(document.purposes),
    contracts: setOf(document.contracts),
    evaluate: granted === null ? evaluator : withGrant(evaluator, granted.key, granted.type),
    bind: (context) => {
      const bound = bindCondition(condition, types, context)
      return simplify(
        granted === null
          ? bound
          : { op: 'and', of: [bound, grantedRecord(granted.key, granted.type, context)] },
      )
    },
  }
}

/** Every field a condition reads, each once. */
export function fieldsRead(condition: Condition): ReadonlySet<FieldName> {
  const read = new Set<FieldName>()
  const visit = (inner: Condition): void => {
    if ('field' in inner) read.add(inner.field)
    if ('other' in inner) read.add(inner.other)
    partsOf(inner).forEach(visit)
  }
  visit(condition)
  return read
}

/** A grant for one record lets the rule see that record alone; a grant for the whole resource does not limit it. */
function grantedRecord(key: FieldName, type: FieldType, context: Context): ClosedCondition {
  if (context.valueOf(GRANTED_RECORD, 'other') === undefined) return { op: 'always' }
  const value = boundValue(GRANTED_RECORD, type, context)
  return value === null ? { op: 'unknown' } : { op: 'eq', field: key, value }
}

function withGrant(evaluator: Evaluator, key: FieldName, type: FieldType): Evaluator {
  return (record, context) => {
    const truth = evaluator(record, context)
    if (truth === false || context.valueOf(GRANTED_RECORD, 'other') === undefined) return truth
    const wanted = boundValue(GRANTED_RECORD, type, context)
    const actual = keyOf(type, record[key])
    if (wanted === null || actual === null) return null
    return actual === keyOf(type, wanted) ? truth : false
  }
}

function setOf(names: readonly string[] | undefined): ReadonlySet<string> | null {
  return names === undefined ? null : new Set(names)
}
