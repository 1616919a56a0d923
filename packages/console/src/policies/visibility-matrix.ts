import type { ContractId, FieldName, Micros, PurposeId, ResourceName } from '@varco/core'
import { decide, type Bundle, type FieldPermit } from '@varco/policy'
import { hypotheticalRequest, INTERNAL, type Question } from './hypothetical-request.ts'
import { principalAttributes } from './principal-attributes.ts'

export interface MatrixQuestion extends Pick<Question, 'contract' | 'role' | 'unit' | 'resource'> {}

export type Visibility = Pick<FieldPermit, 'best' | 'mask'>

/** How each field would show for each purpose under which anything shows. */
export interface VisibilityMatrix {
  readonly purposes: readonly PurposeId[]
  readonly rows: readonly { readonly field: FieldName; readonly cells: readonly Visibility[] }[]
}

const HIDDEN: Visibility = { best: 'hidden', mask: null }

/** Asks the policy itself, once a purpose, with everything a request could bring. */
export function visibilityMatrix(bundle: Bundle, asked: MatrixQuestion, now: Micros): VisibilityMatrix {
  const fields = [...(bundle.resources.get(asked.resource as ResourceName)?.fields.keys() ?? [])]
  const at = timeInForce(bundle, asked.contract, now)
  const attributes = Object.fromEntries(
    [...principalAttributes(bundle, asked.resource)].map(([name, kind]) => [
      name,
      kind === 'list' ? ['*'] : '*',
    ]),
  )
  const columns = [...bundle.purposes.keys()].map((purpose) => {
    const question: Question = { ...asked, attributes, purpose, action: 'read', ticket: true, grant: true }
    const decision = decide(bundle, hypotheticalRequest(bundle, question, at))
    const cells = fields.map(
      (field) => (decision.effect === 'permit' ? decision.fields.get(field) : null) ?? HIDDEN,
    )
    return { purpose, cells }
  })
  const seen = columns.filter(({ cells }) => cells.some(({ best }) => best !== 'hidden'))
  return {
    purposes: seen.map(({ purpose }) => purpose),
    rows: fields.map((field, index) => ({ field, cells: seen.map(({ cells }) => cells[index] ?? HIDDEN) })),
  }
}

/** A moment at which the contract holds: the rules of one that has ended are read as they were. */
function timeInForce(bundle: Bundle, contract: string, now: Micros): Micros {
  const dates = contract === INTERNAL ? undefined : bundle.contracts.get(contract as ContractId)
  return dates === undefined || (now >= dates.from && now < dates.to) ? now : dates.from
}
