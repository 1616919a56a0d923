import { actDraft, type AccessLog } from '@varco/access-log'
import { VarcoError, type Clock, type Json, type Micros } from '@varco/core'
import { dayAt, deadlineOf, type OfficeCalendar } from './deadline.ts'
import type { Channel, DataSubjectRequest, RefusalGround, RequestOutcome, Right } from './request.ts'
import type { RequestStore } from './request-store.ts'

export interface RequestDeskDeps {
  readonly store: RequestStore
  readonly log: AccessLog
  readonly clock: Clock
  readonly newId: () => string
  readonly calendar: OfficeCalendar
}

const REFUSALS = {
  unknown: 'there is no such request',
  closed: 'the request has its outcome',
  changed: 'somebody else changed the request meanwhile; look at it again',
  future: 'a request is not received in the future',
  'identity-settled': 'the identity was settled before',
  'identity-not-asked': 'no proof of identity was asked for',
  'identity-open': 'an answer with personal data needs the identity confirmed',
  'extended-before': 'the time was extended before, and is extended once',
  'extension-late': 'the time can be extended within the first month only',
  'no-reason': 'a reason of at least twenty characters is needed: it is told to who asked',
  'no-answer': 'an answer is named by the SHA-256 of the file that was sent',
} as const
export type DeskRefusal = keyof typeof REFUSALS

/** What was asked of the desk cannot be done. */
export class RequestRefusedError extends VarcoError {
  readonly code = 'request-refused'
  readonly reason: DeskRefusal

  constructor(reason: DeskRefusal) {
    super(REFUSALS[reason])
    this.reason = reason
  }
}

export interface ReceivedRequest {
  readonly right: Right
  /** When it reached the body, whoever noticed it when. */
  readonly receivedAt: Micros
  readonly channel: Channel
  readonly identifier: string | null
  readonly replyTo: string | null
  /** Pseudonym of who takes it in. */
  readonly by: string
}

/**
 * The desk where requests of data subjects are taken in and brought to an end. Each act is an event of the log,
 * written before it takes effect, with the request's number and nothing personal.
 * Every method throws `RequestRefusedError` for what cannot be done, `UnavailableError` when it cannot be recorded or kept.
 */
export interface RequestDesk {
  receive(received: ReceivedRequest): Promise<DataSubjectRequest>
  /** Asks for proof of identity (GDPR Art. 12(6)); when done without delay the time stands still until it comes. */
  askIdentity(id: string, by: string): Promise<DataSubjectRequest>
  settleIdentity(id: string, confirmed: boolean, by: string): Promise<DataSubjectRequest>
  /** Two more months, within the first one, for a reason that is told to who asked (GDPR Art. 12(3)). */
  extend(id: string, reason: string, by: string): Promise<DataSubjectRequest>
  /** @param answer SHA-256, in hexadecimal, of what was sent */
  answer(id: string, answer: string, by: string): Promise<DataSubjectRequest>
  refuse(id: string, ground: RefusalGround, reason: string, by: string): Promise<DataSubjectRequest>
  withdraw(id: string, by: string): Promise<DataSubjectRequest>
}

const MIN_REASON_CHARS = 20

export function openRequestDesk({ store, log, clock, newId, calendar }: RequestDeskDeps): RequestDesk {
  const record = async (
    { id, right }: Pick<DataSubjectRequest, 'id' | 'right'>,
    act: string,
    by: string,
    particulars: { readonly [key: string]: Json } = {},
  ): Promise<void> => {
    const detail = { request: id, right, act, ...particulars }
    await log.append(actDraft('request-moved', { requestId: newId(), operator: by, detail }))
  }

  const undecided = async (id: string): Promise<DataSubjectRequest> => {
    const request = await store.find(id)
    if (request === null) throw new RequestRefusedError('unknown')
    if (request.outcome !== null) throw new RequestRefusedError('closed')
    return request
  }

  const keep = async (
    before: DataSubjectRequest,
    change: Partial<DataSubjectRequest>,
  ): Promise<DataSubjectRequest> => {
    const request = { ...before, ...change, version: before.version + 1 }
    if (!(await store.replace(request))) throw new RequestRefusedError('changed')
    return request
  }

  const close = async (
    request: DataSubjectRequest,
    outcome: RequestOutcome,
    particulars: { readonly [key: string]: Json } = {},
  ): Promise<DataSubjectRequest> => {
    const deadline = deadlineOf(request, calendar)
    const late =
      deadline !== null && dayAt(outcome.at, calendar.timeZone).toString() > deadline.due.toString()
    await record(request, outcome.kind, outcome.by, { ...particulars, late })
    return keep(request, { outcome })
  }

  return {
    receive: async ({ by, ...received }) => {
      if (received.receivedAt > clock.now()) throw new RequestRefusedError('future')
      const { year } = dayAt(received.receivedAt, calendar.timeZone)
      const number = await store.nextNumber(year)
      const request: DataSubjectRequest = {
        id: `RQ-${year}-${String(number).padStart(6, '0')}`,
        ...received,
        identity: { state: 'unchecked', askedAt: null, settledAt: null },
        extension: null,
        outcome: null,
        reminded: null,
        version: 1,
      }
      await record(request, 'received', by, { channel: request.channel })
      await store.add(request)
      return request
    },

    askIdentity: async (id, by) => {
      const request = await undecided(id)
      if (request.identity.state !== 'unchecked') throw new RequestRefusedError('identity-settled')
      await record(request, 'identity-asked', by)
      return keep(request, { identity: { state: 'asked', askedAt: clock.now(), settledAt: null } })
    },

    settleIdentity: async (id, confirmed, by) => {
      const request = await undecided(id)
      const { state, askedAt } = request.identity
      if (state === 'confirmed' || state === 'not-confirmed')
        throw new RequestRefusedError('identity-settled')
      const settled = confirmed ? 'confirmed' : 'not-confirmed'
      await record(request, `identity-${settled}`, by)
      return keep(request, { identity: { state: settled, askedAt, settledAt: clock.now() }, reminded: null })
    },

    extend: async (id, reason, by) => {
      const request = await undecided(id)
      if (request.extension !== null) throw new RequestRefusedError('extended-before')
      if (reason.trim().length < MIN_REASON_CHARS) throw new RequestRefusedError('no-reason')
      const now = clock.now()
      const deadline = deadlineOf(request, calendar)
      if (deadline !== null && dayAt(now, calendar.timeZone).toString() > deadline.first.toString())
        throw new RequestRefusedError('extension-late')
      await record(request, 'extended', by)
      return keep(request, { extension: { at: now, by, reason: reason.trim() }, reminded: null })
    },

    answer: async (id, answer, by) => {
      const request = await undecided(id)
      if (!/^[0-9a-f]{64}$/.test(answer)) throw new RequestRefusedError('no-answer')
      if (request.identity.state !== 'confirmed') throw new RequestRefusedError('identity-open')
      return close(request, { kind: 'answered', at: clock.now(), by, answer }, { answer })
    },

    refuse: async (id, ground, reason, by) => {
      const request = await undecided(id)
      if (reason.trim().length < MIN_REASON_CHARS) throw new RequestRefusedError('no-reason')
      if (ground === 'identity-not-confirmed' && request.identity.state !== 'not-confirmed')
        throw new RequestRefusedError('identity-not-asked')
      return close(
        request,
        { kind: 'refused', at: clock.now(), by, ground, reason: reason.trim() },
        { ground },
      )
    },

    withdraw: async (id, by) => close(await undecided(id), { kind: 'withdrawn', at: clock.now(), by }),
  }
}
