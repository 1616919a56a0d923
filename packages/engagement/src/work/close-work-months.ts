import { createHash } from 'node:crypto'
import { canonicalJson } from '@varco/core'
import type { Occasion } from '../grants/grant-desk.ts'
import type { WorkDesk } from './work-desk.ts'
import { monthAt, monthBefore } from './work-month.ts'
import type { WorkDeclaration, WorkStore } from './work-store.ts'
import { workKeyDigest, workTokenId } from './work-token.ts'

const HOUR_US = 3_600_000_000n

/**
 * Closes the months whose time to hand in has been over for an hour, so that no handing in is under way. The log gets a
 * digest of all that was handed in: from then on nobody changes it unseen. A month that somebody opened again is closed
 * again, and the log then has both digests.
 * @throws UnavailableError when a closing may not have been recorded: that month, and those after it, stay open
 */
export async function closeWorkMonths(
  { store, log }: Pick<WorkDesk, 'log'> & { readonly store: Pick<WorkStore, 'notClosed' | 'close'> },
  { bundle, now, requestId }: Occasion,
): Promise<number> {
  const handingIn = monthBefore(monthAt(now - HOUR_US, bundle.document.varco.time_zone))
  const months = await store.notClosed(monthBefore(handingIn))
  for (const { contract, month, publicKey, declarations } of months) {
    const { id: event } = await log.append({
      kind: 'work-month-closed',
      ...{ requestId, operator: null, contract },
      processor: bundle.contracts.get(contract)?.processor ?? null,
      policyVersion: bundle.version,
      detail: { month, key: workKeyDigest(publicKey), declared: declarationsDigest(declarations) },
    })
    await store.close({ contract, month }, event)
  }
  return months.length
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
