import type { ContractId, EventId } from '@varco/core'
import type { DeclaredMonth, WorkDeclaration, WorkStore } from './work-store.ts'
import { isSignedToken, workKeyDigest, workTokenId } from './work-token.ts'

/** What a contract's workers declared of one month, added up. Few people may be behind it: whoever shows it holds back. */
export interface DeclaredWork {
  readonly month: string
  /** Digest of the month's key, and the entries of the log about it. */
  readonly key: string
  readonly announced: EventId | null
  readonly closed: EventId
  /** How many declarations there are. */
  readonly declarers: number
  /** Those left out: their token is not signed by the month's key, so somebody put them in. */
  readonly unsigned: number
  readonly purposes: readonly {
    readonly purpose: string
    readonly hours: number
    readonly declarers: number
  }[]
}

/** Where the sums come from. Throws `UnavailableError`. */
export interface DeclaredWorkCounts {
  /** Closed months alone, both included: before, each reading would tell what came since the last. */
  counted(contract: ContractId, from: string, to: string): Promise<readonly DeclaredWork[]>
}

export function declaredWorkCounts(store: Pick<WorkStore, 'declared'>): DeclaredWorkCounts {
  return {
    counted: async (contract, from, to) =>
      (await store.declared(contract, from, to)).flatMap((month) => {
        const { closed } = month
        return closed === null ? [] : [sumOf({ ...month, closed })]
      }),
  }
}

function sumOf(month: DeclaredMonth & { readonly closed: EventId }): DeclaredWork {
  const signed = signedIn(month)
  const purposes = [...new Set(signed.flatMap(({ hours }) => Object.keys(hours)))].sort()
  return {
    month: month.month,
    key: workKeyDigest(month.publicKey),
    announced: month.announced,
    closed: month.closed,
    declarers: signed.length,
    unsigned: month.declarations.length - signed.length,
    purposes: purposes.map((purpose) => {
      const of = signed.flatMap(({ hours }) => hours[purpose] ?? [])
      return { purpose, hours: of.reduce((sum, each) => sum + each, 0), declarers: of.length }
    }),
  }
}

/** Each token once, and signed. */
function signedIn({ contract, month, publicKey, declarations }: DeclaredMonth): readonly WorkDeclaration[] {
  const byToken = new Map(declarations.map((declaration) => [workTokenId(declaration), declaration]))
  return [...byToken.values()].filter(({ message, signature }) =>
    isSignedToken({ contract, month, message, signature }, publicKey),
  )
}
