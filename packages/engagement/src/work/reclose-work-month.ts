import { mayBeSamePerson, type EventId, type Localized, type Micros } from '@varco/core'
import type { Occasion } from '../grants/grant-desk.ts'
import { refuse, type Refused } from '../refused.ts'
import { closingAct, declarationsDigest, type ClosingDesk } from './close-work-months.ts'
import { agreedClosings, type WorkClosing } from './work-closings.ts'
import type { WorkKeyOwner } from './work-keys.ts'
import type { WorkStore } from './work-store.ts'

export interface RecloseDesk extends ClosingDesk {
  readonly store: Pick<WorkStore, 'notClosed' | 'close' | 'declared' | 'closeAnew'>
}

const REFUSALS = {
  'work-not-closed': {
    it: 'Questo mese non è mai stato chiuso: si chiude da sé quando il tempo per consegnare è finito.',
    en: 'This month was never closed: it is closed by itself when the time to hand in is over.',
  },
  'work-as-closed': {
    it: 'Le dichiarazioni sono quelle con cui il mese è stato chiuso: non c’è nulla da correggere.',
    en: 'The declarations are those the month was closed with: there is nothing to correct.',
  },
  'work-second-person': {
    it: 'La nuova chiusura è già stata chiesta a tuo nome: la conferma un’altra persona, con lo stesso comando.',
    en: 'Closing anew was asked for in your name already: another person confirms it, by the same command.',
  },
  'work-changed-meanwhile': {
    it: 'Le dichiarazioni o la chiusura del mese sono cambiate nel frattempo: guarda di nuovo.',
    en: 'The month’s declarations or its closing have changed meanwhile: look again.',
  },
} as const satisfies Record<string, Localized>

export type RecloseOutcome =
  | {
      readonly ok: true
      /** `false`: it waits for the second person. */
      readonly taken: boolean
      readonly event: EventId
    }
  | Refused<keyof typeof REFUSALS>

/** A request that nobody agreed to is forgotten after a week. */
const ASKED_LASTS = 7n * 86_400_000_000n

/**
 * Takes a month's declarations as they now are for those it was closed with: after a backup was brought back, say, that lacks
 * some. Two people, the second by the same call; what they agree to is told by its digest, so that nothing changes between them.
 * The log keeps the closing before, and that this one stands in its place.
 * @throws UnavailableError when it may not have been recorded: then nothing was changed
 */
export async function recloseWorkMonth(
  desk: RecloseDesk,
  occasion: Occasion,
  { by, ...owner }: WorkKeyOwner & { readonly by: string },
): Promise<RecloseOutcome> {
  const { store, log, closings } = desk
  const [month] = await store.declared(owner.contract, owner.month, owner.month)
  const told = await closings.of(owner)
  const standing = agreedClosings(told).at(-1)
  if (month === undefined || standing === undefined) return refuse(REFUSALS, 'work-not-closed')
  const digest = declarationsDigest(month.declarations)
  if (digest === standing.declared)
    return month.closed === standing.event
      ? refuse(REFUSALS, 'work-as-closed')
      : settle(desk, owner, standing)
  const isLive = (at: Micros): boolean => at > standing.at && occasion.now - at < ASKED_LASTS
  const asked = told.asked.filter(({ at, declared }) => declared === digest && isLive(at))
  const first = asked.find((each) => each.by !== null && !mayBeSamePerson(each.by, by))
  if (first === undefined) {
    if (asked.length > 0) return refuse(REFUSALS, 'work-second-person')
    const act = { ...closingAct(month, occasion), kind: 'work-reclosing-asked' as const, operator: by }
    const { id: event } = await log.append(act)
    return { ok: true, taken: false, event }
  }
  let event: EventId | null = null
  await store.closeAnew(owner, async (declared) => {
    const now = agreedClosings(await closings.of(owner)).at(-1)
    if (now?.event !== standing.event || declarationsDigest(declared.declarations) !== digest) return null
    const act = closingAct(declared, occasion)
    const detail = { ...act.detail, replaces: standing.event, asked: first.event, asked_by: first.by }
    event = (await log.append({ ...act, operator: by, detail })).id
    return event
  })
  return event === null ? refuse(REFUSALS, 'work-changed-meanwhile') : { ok: true, taken: true, event }
}

/** A crash between the log and the store left the row with the closing before: what two people agreed to is in the log. */
async function settle(
  { store, closings }: RecloseDesk,
  owner: WorkKeyOwner,
  { event, declared }: WorkClosing,
): Promise<RecloseOutcome> {
  const settled = await store.closeAnew(owner, async ({ declarations }) => {
    const now = agreedClosings(await closings.of(owner)).at(-1)
    return now?.event === event && declarationsDigest(declarations) === declared ? event : null
  })
  return settled ? { ok: true, taken: true, event } : refuse(REFUSALS, 'work-changed-meanwhile')
}
