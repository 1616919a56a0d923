import type { Bundle } from '@varco/policy'
import type { Occasion } from '../grants/grant-desk.ts'
import { refuse } from '../refused.ts'
import { MAX_HOURS, MAX_PURPOSES, WORK_REFUSALS, type WorkDesk, type WorkRefused } from './work-desk.ts'
import { phaseOf } from './work-month.ts'
import { isSignedToken, type WorkToken } from './work-token.ts'

/**
 * Takes in a declaration from whoever has a token of the month: no login, no entry in the log, no time. What counts is
 * counted when the month is closed.
 */
export async function declareWork(
  { store }: Pick<WorkDesk, 'store'>,
  { bundle, now }: Pick<Occasion, 'bundle' | 'now'>,
  { token, hours }: { readonly token: WorkToken; readonly hours: Readonly<Record<string, number>> },
): Promise<{ readonly ok: true } | WorkRefused> {
  const { contract, month, message, signature } = token
  if (phaseOf(month, now, bundle.document.varco.time_zone) !== 'handing-in')
    return refuse(WORK_REFUSALS, 'work-not-now')
  const owner = { contract, month }
  const found = await store.month(owner)
  if (found === null || !isSignedToken(token, found.publicKey)) return refuse(WORK_REFUSALS, 'work-bad-token')
  if (!areCredible(hours, bundle)) return refuse(WORK_REFUSALS, 'work-bad-hours')
  return (await store.handIn(owner, { message, signature, hours }))
    ? { ok: true }
    : refuse(WORK_REFUSALS, 'work-token-used')
}

function areCredible(hours: Readonly<Record<string, number>>, { document }: Bundle): boolean {
  const said = Object.entries(hours)
  return (
    said.length > 0 &&
    said.length <= MAX_PURPOSES &&
    said.every(
      ([purpose, each]) =>
        Object.hasOwn(document.purposes, purpose) && Number.isSafeInteger(each) && each > 0,
    ) &&
    said.reduce((sum, [, each]) => sum + each, 0) <= MAX_HOURS
  )
}
