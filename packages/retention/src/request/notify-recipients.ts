import type { DataSubjectRef, Pseudonym } from '@varco/core'
import type { RetentionDesk } from '../desk.ts'
import { refuse, type RetentionRefused } from '../refused.ts'
import type { NoticeEnd, NotifiedAct, RecipientNotice } from './recipient-notice.ts'

type Desk = Pick<RetentionDesk, 'recipients' | 'notices' | 'clock' | 'hashKey'>

export interface Notified {
  readonly request: string
  /** Id of the plan that did it; `null`: the request itself, at the desk. */
  readonly plan: string | null
  readonly act: NotifiedAct
  readonly dataSubject: DataSubjectRef
  /** Those of which records were erased or restricted; `null`: all. */
  readonly resources: ReadonlySet<string> | null
}

/** Queues a notice for each recipient of what was erased or restricted (GDPR Art. 19); asked again, once. */
export async function notifyRecipients(
  { recipients, notices, clock, hashKey }: Desk,
  { request, plan, act, dataSubject, resources }: Notified,
): Promise<readonly RecipientNotice[]> {
  const whose = `${dataSubject.kind}-${toldApart(hashKey, request, plan, dataSubject)}`
  const queued = (await recipients(dataSubject)).flatMap((recipient): RecipientNotice[] => {
    const seen = recipient.resources.filter((resource) => resources?.has(resource) ?? true)
    if (seen.length === 0) return []
    const { processor, contract, copies } = recipient
    return [
      {
        id: `${request}/${act}/${contract}/${whose}`,
        ...{ request, act, processor, contract, dataSubject, resources: seen, copies },
        ...{ queuedAt: clock.now(), settled: null },
      },
    ]
  })
  await notices.queue(queued)
  return queued
}

const HASH_LENGTH = 16

/**
 * One request may be about several data subjects, and be carried out by several plans: each is told. The hash is keyed,
 * and another for each plan, for the id stays when the notice names nobody any more.
 */
function toldApart(
  hashKey: RetentionDesk['hashKey'],
  request: string,
  plan: string | null,
  { kind, id }: DataSubjectRef,
): string {
  return hashKey('notice', JSON.stringify([request, plan, kind, id])).slice(0, HASH_LENGTH)
}

const SHORTEST_NOTE = 3

/** Notes that a recipient was told, or why it could not be; from then on the notice names nobody. */
export async function settleNotice(
  { notices, log, clock, newId }: Pick<RetentionDesk, 'notices' | 'log' | 'clock' | 'newId'>,
  {
    id,
    how,
    note,
    by,
  }: { readonly id: string; readonly how: NoticeEnd; readonly note: string; readonly by: Pseudonym },
): Promise<{ readonly ok: true } | RetentionRefused> {
  if (note.trim().length < SHORTEST_NOTE) return refuse('reference-needed')
  const notice = await notices.notice(id)
  if (notice === null || notice.settled !== null) return refuse('unknown-notice')
  const { request, act, processor, contract } = notice
  await log.append({
    kind: 'recipient-notified',
    requestId: newId(),
    operator: by,
    detail: { request, act, processor, contract, how },
  })
  const settled = { how, by, note: note.trim(), at: clock.now() }
  return (await notices.settle(id, settled)) ? { ok: true } : refuse('unknown-notice')
}
