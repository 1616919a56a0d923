import { createHash } from 'node:crypto'
import { canonicalJson, type EventId } from '@varco/core'
import type { EngagementAct } from '../act-log.ts'
import type { Occasion } from '../grants/grant-desk.ts'
import { agreedClosings, type WorkClosings } from './work-closings.ts'
import type { WorkDesk } from './work-desk.ts'
import type { WorkKeyOwner } from './work-keys.ts'
import { monthAt, monthBefore } from './work-month.ts'
import type { DeclaredMonth, WorkDeclaration, WorkStore } from './work-store.ts'
import { workKeyDigest, workTokenId } from './work-token.ts'

const HOUR_US = 3_600_000_000n

export interface ClosingDesk extends Pick<WorkDesk, 'log'> {
  readonly store: Pick<WorkStore, 'notClosed' | 'close'>
  readonly closings: WorkClosings
}

export interface ClosedMonths {
  readonly closed: number
  /** Months that the log has closed with other declarations: somebody opened them again. They stay open and are not counted. */
  readonly refused: readonly WorkKeyOwner[]
}

/**
 * Closes the months whose time to hand in has been over for an hour, so that no handing in is under way. The log gets a
 * digest of all that was handed in: from then on nobody changes it unseen. A month is closed once, by one process of all,
 * and it is the log that knows: one that somebody opened again is closed again only as it was.
 * @throws UnavailableError when a closing may not have been recorded: that month, and those after it, stay open
 */
export async function closeWorkMonths(desk: ClosingDesk, occasion: Occasion): Promise<ClosedMonths> {
  const { store, log, closings } = desk
  const { bundle, now } = occasion
  const handingIn = monthBefore(monthAt(now - HOUR_US, bundle.document.varco.time_zone))
  const refused: WorkKeyOwner[] = []
  let closed = 0
  for (const { contract, month } of await store.notClosed(monthBefore(handingIn))) {
    const owner = { contract, month }
    const outcome = await store.close(owner, async (declared): Promise<EventId | null> => {
      const standing = agreedClosings(await closings.of(owner)).at(-1)
      if (standing === undefined) return (await log.append(closingAct(declared, occasion))).id
      // A crash between the log and the store leaves this; and so does whoever opens a month that they have not changed.
      if (standing.declared === declarationsDigest(declared.declarations)) return standing.event
      refused.push(owner)
      return null
    })
    if (outcome) closed++
  }
  return { closed, refused }
}

export function closingAct(
  { contract, month, publicKey, declarations }: DeclaredMonth,
  { bundle, requestId }: Occasion,
): EngagementAct & { readonly detail: Readonly<Record<'month' | 'key' | 'declared', string>> } {
  return {
    kind: 'work-month-closed',
    ...{ requestId, operator: null, contract },
    processor: bundle.contracts.get(contract)?.processor ?? null,
    policyVersion: bundle.version,
    detail: { month, key: workKeyDigest(publicKey), declared: declarationsDigest(declarations) },
  }
}

/** One digest for the same declarations, in whichever order they are read. */
export function declarationsDigest(declarations: readonly WorkDeclaration[]): string {
  const all = declarations
    .map(({ message, signature, hours }) => ({
      token: workTokenId({ message }),
      message: message.toString('base64url'),
      signature: signature.toString('base64url'),
      hours: { ...hours },
    }))
    .toSorted((a, b) => (a.token < b.token ? -1 : 1))
  return createHash('sha256').update(canonicalJson(all)).digest('hex')
}
