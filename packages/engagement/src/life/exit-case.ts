import type { ContractId, Micros, ProcessorId, Pseudonym } from '@varco/core'

export const EXIT_PARTIES = ['processor', 'sub-processor', 'curator'] as const
export type ExitPartyKind = (typeof EXIT_PARTIES)[number]

/** Who must declare that nothing is kept: the company, those it passed data on to, and the curator of an insolvency. */
export interface ExitParty {
  readonly kind: ExitPartyKind
  /** A company's name, as the bundle has it; of the curator, the processor's. */
  readonly name: string
}

/** A signed declaration, as it was received. The document itself is kept elsewhere; here is what it hashes to. */
export interface ExitDeclaration extends ExitParty {
  /** SHA-256 of the signed document, in hexadecimal. */
  readonly document: string
  readonly signedOn: string
  readonly recordedBy: Pseudonym
  readonly recordedAt: Micros
}

/** The end of a contract under Art. 28(3)(g) GDPR, from the moment access stopped to the certificate. */
export interface ExitCase {
  readonly contract: ContractId
  readonly processor: ProcessorId
  readonly cause: 'termination' | 'insolvency' | 'expiry'
  readonly openedBy: Pseudonym
  readonly openedAt: Micros
  /** By when the data must be back or gone, from the contract's exit terms. */
  readonly dueAt: Micros
  /** Who goes on with the open tickets; `null`: the body itself. */
  readonly successor: ContractId | null
  readonly ticketsMoved: number
  readonly grantsRevoked: number
  /** The controller's choice; `null` until it is made. */
  readonly choice: {
    readonly kind: 'return' | 'deletion'
    readonly by: Pseudonym
    readonly at: Micros
  } | null
  readonly parties: readonly ExitParty[]
  readonly declarations: readonly ExitDeclaration[]
  readonly verified: { readonly by: Pseudonym; readonly second: Pseudonym; readonly at: Micros } | null
  readonly closedAt: Micros | null
  readonly revision: number
}

/** Whose declaration is still to come. */
export function missingDeclarations({ parties, declarations }: ExitCase): readonly ExitParty[] {
  return parties.filter(
    ({ kind, name }) => !declarations.some((each) => each.kind === kind && each.name === name),
  )
}
