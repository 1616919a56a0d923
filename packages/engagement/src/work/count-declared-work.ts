import type { ContractId, EventId } from '@varco/core'
import { declarationsDigest } from './close-work-months.ts'
import { agreedClosings, type WorkClosings } from './work-closings.ts'
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
  /**
   * Closed months alone, both included: before, each reading would tell what came since the last. And of those the ones that
   * are as the log closed them: others somebody has changed, and `varco work check` tells which.
   */
  counted(contract: ContractId, from: string, to: string): Promise<readonly DeclaredWork[]>
}

export function declaredWorkCounts({
  store,
  closings,
}: {
  readonly store: Pick<WorkStore, 'declared'>
  readonly closings: WorkClosings
}): DeclaredWorkCounts {
  return {
    counted: async (contract, from, to) => {
      const counted: DeclaredWork[] = []
      for (const month of await store.declared(contract, from, to)) {
        if (month.closed === null) continue
        // The row's own word is nothing: whoever changes the hours leaves it as it was.
        const standing = agreedClosings(await closings.of(month)).at(-1)
        if (standing?.declared === declarationsDigest(month.declarations))
          counted.push(sumOf({ ...month, closed: standing.event }))
      }
      return counted
    },
  }
}

/** How many declarations have a token that the month's key has not signed: somebody put them in. */
export function unsignedIn(month: DeclaredMonth): number {
  return month.declarations.length - signedIn(month).length
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
    unsigned: unsignedIn(month),
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
