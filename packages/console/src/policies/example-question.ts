import type { Micros } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { INTERNAL } from './hypothetical-request.ts'
import { visibilityMatrix, type MatrixQuestion } from './visibility-matrix.ts'

/** A question worth starting from: the first rule's role and data, under the first contract that shows anything of them. */
export function exampleQuestion(bundle: Bundle, now: Micros): MatrixQuestion {
  const inForceFirst = [...bundle.contracts.values()]
    .sort((a, b) => Number(b.to - a.to))
    .map((contract): string => contract.id)
  const unit = Object.keys(bundle.document.varco.units)[0] ?? ''
  const candidates = bundle.document.access.flatMap(({ effect, role = [], resource }) =>
    effect === 'forbid'
      ? []
      : role.flatMap((one) =>
          [...inForceFirst, INTERNAL].map((contract) => ({ contract, role: one, unit, resource })),
        ),
  )
  const telling = candidates.find((question) => visibilityMatrix(bundle, question, now).purposes.length > 0)
  return telling ?? candidates[0] ?? { contract: INTERNAL, role: '', unit, resource: '' }
}
