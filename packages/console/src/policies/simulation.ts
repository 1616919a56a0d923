import type { FieldName, ResourceName } from '@varco/core'
import { ACTIONS, decide, type Action, type Decision, type FieldType, type RowOutcome } from '@varco/policy'
import { choicesOf } from './choices.tsx'
import { exampleQuestion } from './example-question.ts'
import { hypotheticalRequest, type Question } from './hypothetical-request.ts'
import { principalAttributes } from './principal-attributes.ts'
import { visibilityMatrix } from './visibility-matrix.ts'
import type { Visit } from '../visit/visit.ts'

/** A form of the simulator as it was filled in. */
export interface Simulation {
  readonly question: Question
  /** Values of the record's fields as typed; a field left empty is not there. */
  readonly record: ReadonlyMap<FieldName, string>
}

export interface SimulationAnswer {
  readonly decision: Decision
  /** How the typed record would show; `null` where none was typed, or nothing is permitted. */
  readonly outcomes: ReadonlyMap<FieldName, RowOutcome> | 'not-let-through' | null
}

/** What the form holds before anything is asked. */
export function firstSimulation({ bundle, now }: Visit): Simulation {
  const example = exampleQuestion(bundle, now)
  const purpose = visibilityMatrix(bundle, example, now).purposes[0] ?? null
  return {
    question: { ...example, attributes: {}, purpose, action: 'read', ticket: true, grant: false },
    record: new Map(),
  }
}

/** Reads the form; `null` for a choice that was not offered. */
export function readSimulation(form: Readonly<Record<string, unknown>>, visit: Visit): Simulation | null {
  const text = (name: string): string => {
    const value = form[name]
    return typeof value === 'string' ? value.trim() : ''
  }
  const choices = choicesOf(visit)
  const offered = (['contract', 'role', 'unit', 'resource'] as const).every((name) =>
    choices[name].some(({ value }) => value === text(name)),
  )
  const action = ACTIONS.find((known): known is Action => known === text('action'))
  const purpose = text('purpose')
  if (!offered || action === undefined) return null
  if (purpose !== '' && !choices.purpose.some(({ value }) => value === purpose)) return null

  const resource = text('resource')
  const fields = visit.bundle.resources.get(resource as ResourceName)?.fields ?? new Map<FieldName, unknown>()
  const attributes = [...principalAttributes(visit.bundle, resource)].flatMap(([name, kind]) => {
    const typed = text(`attribute.${name}`)
    if (typed === '') return []
    return [[name, kind === 'list' ? typed.split(',').map((part) => part.trim()) : typed] as const]
  })
  return {
    question: {
      contract: text('contract'),
      role: text('role'),
      unit: text('unit'),
      attributes: Object.fromEntries(attributes),
      purpose: purpose === '' ? null : purpose,
      action,
      resource,
      ticket: text('ticket') === 'yes',
      grant: text('grant') === 'yes',
    },
    record: new Map(
      [...fields.keys()].flatMap((field) => {
        const typed = text(`record.${field}`)
        return typed === '' ? [] : [[field, typed] as const]
      }),
    ),
  }
}

/** Asks the engine that decides accesses. */
export function simulate(simulation: Simulation, { bundle, now }: Visit): SimulationAnswer {
  const { question, record } = simulation
  const decision = decide(bundle, hypotheticalRequest(bundle, question, now))
  if (decision.effect === 'deny' || record.size === 0) return { decision, outcomes: null }
  const fields = bundle.resources.get(question.resource as ResourceName)?.fields
  const row = Object.fromEntries(
    [...(fields ?? [])].map(([field, { type }]) => [field, valueOf(type, record.get(field))]),
  )
  return { decision, outcomes: decision.outcomesOf(row) ?? 'not-let-through' }
}

/** What is typed, as a record would hold it; what is not typed is NULL. */
function valueOf(type: FieldType, typed: string | undefined): unknown {
  if (typed === undefined) return null
  if (type === 'boolean') return typed === 'true'
  return type === 'text[]' ? typed.split(',').map((part) => part.trim()) : typed
}
