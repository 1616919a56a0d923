import {
  type ContractId,
  type FieldName,
  type GrantId,
  type Micros,
  type ProcessorId,
  type Pseudonym,
  type PurposeId,
  type ResourceName,
  type TicketId,
} from '@varco/core'
import { Temporal } from 'temporal-polyfill'
import type { Bundle } from '../bundle/bundle.ts'
import type { FieldType } from '../bundle/schema.ts'
import type { DataRecord } from '../condition/evaluate-condition.ts'
import { valueOfKey } from '../condition/field-value.ts'
import { instantMicros } from '../condition/instant.ts'
import type { AccessRequest, GrantFacts, Scalar, TicketFacts } from '../decision/request.ts'
import { INTERNAL } from '../decision/rule-index.ts'
import type { Model } from '../region/solve.ts'
import { GRANT, GRANT_FOR_ALL, GRANT_FOR_ANYBODY, OPEN_TICKET, type Cell } from './cell.ts'

/** Somebody and some record that show a difference. Invented: no value in it is anybody's. */
export interface Witness {
  readonly request: AccessRequest
  readonly record: DataRecord
}

/** A span in which neither bundle starts or ends the contract. */
export interface Span {
  /** Inclusive. */
  readonly from: Micros
  /** Exclusive. */
  readonly to: Micros
}

/** Turns a model of a cell's formula into a question and a record. What the model leaves open is absent or NULL. */
export function witnessOf(bundle: Bundle, cell: Cell, span: Span, model: Model): Witness {
  const facts = new Facts(model)
  const now = nowOf(facts, span, bundle.document.varco.time_zone)
  return {
    request: {
      now,
      principal: {
        kind: facts.text('principal', 'kind') === 'workload' ? 'workload' : 'person',
        pseudonym: (facts.text('principal', 'pseudonym') ?? 'witness') as Pseudonym,
        role: cell.role,
        unit: facts.text('principal', 'unit') ?? 'witness-unit',
        attributes: facts.attributes(),
      },
      contract:
        cell.contract === INTERNAL
          ? null
          : {
              id: cell.contract as ContractId,
              processor: bundle.contracts.get(cell.contract as ContractId)?.processor ?? ('' as ProcessorId),
              state: 'active',
            },
      purpose: cell.purpose,
      ticket: ticketOf(facts, model, cell, now),
      grant: grantOf(facts, model, cell, now),
      action: cell.action,
      resource: cell.resource,
    },
    record: recordOf(bundle, cell, model),
  }
}

/** The request's facts in a model, by scope and name, whatever type they were compared as. */
class Facts {
  readonly #known = new Map<string, Scalar | readonly Scalar[]>()

  constructor(model: Model) {
    for (const variable of model.variables) {
      if (!('reference' in variable.of)) continue
      const name = `${variable.of.reference.scope}.${variable.of.reference.name}`
      const value = model.values.get(variable.name)
      const list = model.lists.get(variable.name)
      if (list !== undefined)
        this.#known.set(
          name,
          list.map((each) => valueOfKey(variable.type, each)),
        )
      else if (value !== undefined && value !== null && !this.#known.has(name))
        this.#known.set(name, valueOfKey(variable.type, value))
    }
  }

  get(scope: string, name: string): Scalar | readonly Scalar[] | undefined {
    return this.#known.get(`${scope}.${name}`)
  }

  text(scope: string, name: string): string | null {
    const value = this.get(scope, name)
    return value === undefined ? null : String(value)
  }

  attributes(): Readonly<Record<string, Scalar | readonly Scalar[]>> {
    const own = new Set(['kind', 'pseudonym', 'role', 'unit'])
    const found = [...this.#known].map(
      ([name, value]) => [name.slice('principal.'.length), value, name] as const,
    )
    return Object.fromEntries(
      found
        .filter(([name, , full]) => full.startsWith('principal.') && !own.has(name))
        .map(([name, value]) => [name, value]),
    )
  }
}

const NOON = 12 * 3_600

function nowOf(facts: Facts, span: Span, timeZone: string): Micros {
  const wanted = facts.text('now', '')
  if (wanted === null) return span.from
  const instant = instantMicros(wanted)
  if (instant !== null) return instant
  return (
    BigInt(
      Temporal.PlainDate.from(wanted).toZonedDateTime(timeZone).add({ seconds: NOON }).epochMilliseconds,
    ) * 1_000n
  )
}

function ticketOf(facts: Facts, model: Model, cell: Cell, now: Micros): TicketFacts | null {
  const open = model.switches.get(OPEN_TICKET) === true
  const named = ['id', 'status', 'purpose', 'data_subject', 'opened_at'].some(
    (name) => facts.get('ticket', name) !== undefined,
  )
  if (!open && !named) return null
  const openedAt = facts.text('ticket', 'opened_at')
  return {
    id: (facts.text('ticket', 'id') ?? 'witness-ticket') as TicketId,
    status: open ? 'open' : facts.text('ticket', 'status') === 'open' ? 'open' : 'closed',
    dataSubject: facts.text('ticket', 'data_subject'),
    purpose: (open ? cell.purpose : (facts.text('ticket', 'purpose') ?? cell.purpose)) as PurposeId,
    openedAt: openedAt === null ? now : (instantMicros(openedAt) ?? now),
  }
}

const HOUR = 3_600_000_000n

function grantOf(facts: Facts, model: Model, cell: Cell, now: Micros): GrantFacts | null {
  const holds = model.switches.get(GRANT) === true
  const named = ['id', 'resource', 'record', 'data_subject', 'expires_at'].some(
    (name) => facts.get('grant', name) !== undefined,
  )
  if (!holds && !named) return null
  const isOn = (name: string): boolean => model.switches.get(name) === true
  const expiresAt = instantMicros(facts.text('grant', 'expires_at') ?? '')
  return {
    id: (facts.text('grant', 'id') ?? 'witness-grant') as GrantId,
    resource: cell.resource as ResourceName,
    record: isOn(GRANT_FOR_ALL) ? null : facts.text('grant', 'record'),
    dataSubject: isOn(GRANT_FOR_ANYBODY) ? null : facts.text('grant', 'data_subject'),
    action: cell.action,
    purpose: cell.purpose as PurposeId,
    ticket: null,
    expiresAt: expiresAt ?? (holds ? now + HOUR : now - 1n),
  }
}

function recordOf(bundle: Bundle, cell: Cell, model: Model): DataRecord {
  const fields =
    bundle.resources.get(cell.resource as ResourceName)?.fields ?? new Map<FieldName, { type: FieldType }>()
  const chosen = new Map<string, unknown>()
  for (const variable of model.variables) {
    if (!('field' in variable.of)) continue
    const value = model.values.get(variable.name)
    const list = model.lists.get(variable.name)
    if (list !== undefined) chosen.set(variable.of.field, list.map(String))
    else if (value !== undefined && value !== null)
      chosen.set(variable.of.field, valueOfKey(variable.type, value))
  }
  return Object.fromEntries([...fields.keys()].map((field) => [field, chosen.get(field) ?? null]))
}
