import {
  type ContractId,
  mayBeSamePerson,
  type OperatorId,
  type ProcessorId,
  type Pseudonym,
} from '@varco/core'

/** Somebody who acts on the engagement's state, as it knows them now. */
export interface Actor {
  /** Internal key, to tell whether two are the same person; never in the log. */
  readonly operator: OperatorId
  readonly pseudonym: Pseudonym
  readonly processor: ProcessorId | null
  /** `null`: the body's own staff. */
  readonly contract: ContractId | null
  readonly role: string
  readonly unit: string
}

export function isSamePerson(
  one: Pick<Actor, 'operator' | 'pseudonym'>,
  other: Pick<Actor, 'operator' | 'pseudonym'>,
): boolean {
  return one.operator === other.operator || mayBeSamePerson(one.pseudonym, other.pseudonym)
}
