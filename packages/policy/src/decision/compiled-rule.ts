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
import { Shared } from './shared.ts'

/** A rule, checked and ready: its condition as a closure for memory, and bindable for SQL. */
export interface CompiledRule {
  readonly id: RuleId
  readonly effect: 'permit' | 'forbid'
  readonly document: RuleDocument
  /** Over the record alone; a required grant's limit to one record or data subject comes on top. */
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
const GRANTED_DATA_SUBJECT: Reference = { scope: 'grant', name: 'data_subject' }

/** A field that a grant can fix: the record's key by the record it is for, the data subject's key by the data subject. */
interface GrantedField {
  readonly reference: Reference
  /** `null`: the resource has no such field, so no record of it can be the one granted. */
  readonly field: { readonly name: FieldName; readonly type: FieldType } | null
}

/** What a rule needs to know of its resource; a `Resource` is one. */
export interface RuledResource {
  readonly key: FieldName
  readonly dataSubject: { readonly field: FieldName } | null
  readonly fields: FieldTypes
}

/** What rules that repeat each other share. */
export class RuleParts {
  readonly fields = new Shared<ReadonlyMap<FieldName, RuleOutcome>>()
  readonly names = new Shared<ReadonlySet<string>>()
}

/** What a rule asks of the record: over its resource, the same for every rule with this `where`. */
export type CompiledCondition = Pick<CompiledRule, 'condition' | 'conditionFields' | 'evaluate' | 'bind'>

export function compileRule(
  document: RuleDocument,
  compiled: CompiledCondition,
  parts: RuleParts,
): CompiledRule {
  return {
    id: document.id as RuleId,
    effect: document.effect,
    document,
    condition: compiled.condition,
    conditionFields: compiled.conditionFields,
    fields: parts.fields.of(JSON.stringify(document.fields ?? null), () => fieldsSaid(document)),
    wholeRecord: document.effect === 'forbid' && document.fields === undefined,
    roles: setOf(document.role, parts),
    purposes: setOf(document.purposes, parts),
    contracts: setOf(document.contracts, parts),
    evaluate: compiled.evaluate,
    bind: compiled.bind,
  }
}

function fieldsSaid({ fields: said }: RuleDocument): ReadonlyMap<FieldName, RuleOutcome> {
  const fields = new Map<FieldName, RuleOutcome>()
  for (const name of said?.plain ?? []) fields.set(name as FieldName, 'plain')
  for (const [name, mask] of Object.entries(said?.masked ?? {})) fields.set(name as FieldName, mask)
  for (const name of said?.hidden ?? []) fields.set(name as FieldName, 'hidden')
  return fields
}

/** @param needsGrant the rule holds under a grant alone, which may limit it to one record or data subject */
export function compileRuleCondition(
  condition: Condition,
  needsGrant: boolean,
  { key, dataSubject, fields: types }: RuledResource,
): CompiledCondition {
  const evaluator = compileCondition(condition, types)
  const granted: readonly GrantedField[] = needsGrant
    ? [
        { reference: GRANTED_RECORD, field: fieldOf(types, key) },
        { reference: GRANTED_DATA_SUBJECT, field: fieldOf(types, dataSubject?.field ?? null) },
      ]
    : []
  return {
    condition,
    conditionFields: [...fieldsRead(condition), ...granted.flatMap(({ field }) => field?.name ?? [])],
    evaluate: granted.reduce(withGrant, evaluator),
    bind: (context) => {
      const bound = bindCondition(condition, types, context)
      return simplify(
        granted.length === 0
          ? bound
          : { op: 'and', of: [bound, ...granted.map((each) => grantedOnly(each, context))] },
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

function fieldOf(types: FieldTypes, name: FieldName | null): GrantedField['field'] {
  return name === null ? null : { name, type: types.get(name)?.type ?? 'json' }
}

/** A grant for one record, or one data subject, lets the rule see that alone; what it does not fix does not limit it. */
function grantedOnly({ reference, field }: GrantedField, context: Context): ClosedCondition {
  if (context.valueOf(reference, 'other') === undefined) return { op: 'always' }
  const value = field === null ? null : boundValue(reference, field.type, context)
  return value === null || field === null ? { op: 'unknown' } : { op: 'eq', field: field.name, value }
}

function withGrant(evaluator: Evaluator, { reference, field }: GrantedField): Evaluator {
  return (record, context) => {
    const truth = evaluator(record, context)
    if (truth === false || context.valueOf(reference, 'other') === undefined) return truth
    if (field === null) return null
    const wanted = boundValue(reference, field.type, context)
    const actual = keyOf(field.type, record[field.name])
    if (wanted === null || actual === null) return null
    return actual === keyOf(field.type, wanted) ? truth : false
  }
}

function setOf(names: readonly string[] | undefined, parts: RuleParts): ReadonlySet<string> | null {
  return names === undefined ? null : parts.names.of(names.join('\0'), () => new Set(names))
}
