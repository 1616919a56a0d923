import { actDraft, type AccessLog } from '@varco/access-log'
import type { Clock, Micros } from '@varco/core'
import type { Alert, AlertState } from './alert.ts'
import type { AlertStore } from './alert-store.ts'

export interface AnswerDeps {
  readonly store: AlertStore
  readonly log: AccessLog
  readonly clock: Clock
  readonly newRequestId: () => string
}

export interface Answer {
  readonly id: string
  readonly state: Exclude<AlertState, 'open'>
  /** Pseudonym of who answers. */
  readonly by: string
  readonly reason: string
}

export type AnswerRefusal = 'unknown' | 'answered-before' | 'own-alert' | 'no-reason'

export type Answered =
  | { readonly refused: AnswerRefusal }
  | { readonly refused: null; readonly notifyBy: Micros | null }

const MIN_REASON_CHARS = 10
/** GDPR Art. 33(1). */
const NOTIFY_WITHIN_US = 72n * 3_600_000_000n

/**
 * Explains an alert or confirms it. Confirming is becoming aware: from then on 72 hours run (GDPR Art. 33). Nobody answers
 * an alert about themselves. The answer is an event of the log before it is anything else.
 * @throws UnavailableError when it may not have been recorded
 */
export async function answerAlert(deps: AnswerDeps, { id, state, by, reason }: Answer): Promise<Answered> {
  const { store, log, clock, newRequestId } = deps
  if (reason.trim().length < MIN_REASON_CHARS) return { refused: 'no-reason' }
  const alert = await store.alert(id)
  if (alert === null) return { refused: 'unknown' }
  if (alert.operator === by) return { refused: 'own-alert' }
  if (alert.state !== 'open') return { refused: 'answered-before' }
  const at = clock.now()
  const notifyBy = state === 'confirmed' ? at + NOTIFY_WITHIN_US : null
  const detail = { alert: id, rule: alert.rule, state, notifyBy: notifyBy === null ? null : String(notifyBy) }
  await log.append(actDraft('alert-answered', { requestId: newRequestId(), operator: by, detail }))
  const decided = await store.decideAlert(id, state, { by, at, reason, notifyBy })
  return decided ? { refused: null, notifyBy } : { refused: 'answered-before' }
}

/** Alerts about one worker, for the worker. */
export function alertsOf(store: AlertStore, operator: string): Promise<readonly Alert[]> {
  return store.alerts({ operator, limit: 1_000 })
}

export type ContestRefusal = 'unknown' | 'no-text'

/** The worker an alert is about, and nobody else, says what they have to say of it; whether it is answered or not. */
export async function contestAlert(
  { store, log, clock, newRequestId }: AnswerDeps,
  { id, by, text }: { readonly id: string; readonly by: string; readonly text: string },
): Promise<{ readonly refused: ContestRefusal | null }> {
  if (text.trim() === '' || text.length > MAX_CONTEST_CHARS) return { refused: 'no-text' }
  const alert = await store.alert(id)
  // Of an alert about somebody else not even the existence is told.
  if (alert === null || alert.operator !== by) return { refused: 'unknown' }
  await log.append(
    actDraft('alert-contested', { requestId: newRequestId(), operator: by, detail: { alert: id } }),
  )
  await store.addContest(id, { at: clock.now(), text })
  return { refused: null }
}

const MAX_CONTEST_CHARS = 4_000
