import type { KeyObject } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SubjectLookup } from '@varco/access-log'
import type { Clock } from '@varco/core'
import type { Bundle } from '@varco/policy'
import { MAX_EVIDENCE, MAX_FACTS, type AlertRuleId, type Finding } from '../alerts/alert.ts'
import type { Fact } from '../alerts/fact.ts'
import type { GrantFacts } from '../facts/grant-facts.ts'
import type { PeopleFacts, PersonFacts } from '../facts/people-facts.ts'
import type { StaffFacts } from '../facts/staff-facts.ts'
import type { TicketFacts, WatchedTicket } from '../facts/ticket-facts.ts'
import type { EventFeed, FeedBatch, FeedPosition, WatchedEvent } from '../feed/event-feed.ts'
import { AccessCase, isOpenThen, type Note, type Surroundings } from '../rules/access-case.ts'
import { ACCESS_RULES, COUNTS_PEOPLE } from '../rules/access-rules.ts'
import { EXCUSE_LASTS_US, excusedRefusal } from '../rules/retried-elsewhere.ts'
import { breadth, volume } from '../rules/profile-rules.ts'
import { splitTickets } from '../rules/split-tickets.ts'
import { watchSetup, type WatchSetup } from '../rules/watch-setup.ts'
import { BatchTickets } from './batch-tickets.ts'
import { LastDenied } from './last-denied.ts'
import { localTimes, monthOfDay, type LocalTime } from './local-time.ts'
import { LOOK_BACK_DAYS, Profiles } from './profiles.ts'
import type { Mark, OperatorDay } from './operator-day.ts'
import { TicketBook, type TicketDays } from './ticket-book.ts'
import type { RecentRefusal, WatchStore } from './watch-store.ts'
import { WorkCounter } from './work-counter.ts'

export interface WatcherOptions {
  readonly feed: EventFeed
  readonly store: WatchStore
  readonly tickets: TicketFacts
  readonly grants: GrantFacts
  readonly people: PeopleFacts
  readonly staff: StaffFacts
  readonly bundle: () => Bundle
  readonly clock: Clock
  /** Keys the hashes that count workers; outside the database. */
  readonly key: KeyObject
  /** Behind how many events there is a commit, at the latest; a test wants fewer. */
  readonly eventsACommit?: number
}

/** What one pass did. */
export interface Pass {
  readonly events: number
  /** Findings handed to the store; many of them add to an alert that is there. */
  readonly findings: number
  /** Another watcher was faster; the next pass goes on from where it stands. */
  readonly superseded: boolean
}

/** Goes over what the log has gained since the last pass. */
export interface Watcher {
  /** @throws UnavailableError when log or store cannot be reached; the next pass goes on from the last commit */
  pass(): Promise<Pass>
}

const DAY_US = 86_400_000_000
const MINUTE_US = 60_000_000
/** A grant takes the unit that long at most to count as the refusal's consequence. */
const GRANT_WITHIN_US = DAY_US
/** Tickets may be announced late: those of so many days are looked at again. */
const TICKETS_LOOK_BACK_US = 35 * DAY_US
const TICKETS_EVERY_US = 10 * MINUTE_US
const MAX_PEOPLE_KNOWN = 200_000
const MAX_REFUSALS = 5_000
/** From so many on, tickets are read by contract and day. */
const MANY_TICKETS = 500
const EVENTS_A_TURN = 500
/** Behind so many events comes a commit: days that are forgotten by then need never be written. Sooner where judging is slow. */
const EVENTS_A_COMMIT = 500_000
const COMMIT_WITHIN_US = 10_000_000n
/** When so many are left, the rest is committed beside them: beside the last commit nothing is judged, and so it is to be small. */
const LAST_EVENTS = 20_000
const SETTLED_WITHIN_US = 60 * MINUTE_US

/**
 * The watch over the log. State is read once and then carried from batch to batch; some batches are one commit on the state
 * before them, so that whatever happens in between, each event counts once. After a failure the state is read again.
 */
export function openWatcher(options: WatcherOptions): Watcher {
  let live: LiveWatch | null = null
  return {
    pass: async () => {
      live ??= await LiveWatch.open(options)
      try {
        const pass = await live.pass()
        if (pass.superseded) live = null
        return pass
      } catch (error) {
        live = null
        throw error
      }
    },
  }
}

/** What a batch is judged by, beside what the watch remembers. */
type BatchFacts = Pick<Surroundings, 'grants' | 'people' | 'tickets'>

/** What was judged since the last commit; findings in their order. */
interface Uncommitted {
  readonly events: number
  readonly findings: readonly Finding[]
}

interface BatchWithFacts {
  readonly batch: FeedBatch
  readonly facts: BatchFacts
}

interface RepeatedTickets {
  readonly to: number
  readonly tickets: readonly WatchedTicket[]
}

/** What was found in a batch, by key; worked out once the batch is through. */
type Findings = Map<string, () => Finding>

class LiveWatch {
  readonly #options: WatcherOptions
  readonly #profiles: Profiles
  readonly #counter: WorkCounter
  readonly #book: TicketBook
  #version: number
  #position: FeedPosition
  #ticketsTo: number
  #refusals: RecentRefusal[]
  readonly #denied: LastDenied
  #setup: WatchSetup
  #rules: typeof ACCESS_RULES
  #localTime: (at: number) => LocalTime
  /** Those asked about; `null` where nothing is known. */
  #people = new Map<SubjectLookup, PersonFacts | null>()

  private constructor(options: WatcherOptions, state: Awaited<ReturnType<WatchStore['load']>>) {
    this.#options = options
    this.#profiles = new Profiles(state.days)
    this.#counter = new WorkCounter(options.key)
    this.#book = new TicketBook(options.tickets)
    this.#version = state.version
    this.#position = state.position
    this.#ticketsTo = state.ticketsTo
    this.#refusals = [...state.refusals]
    this.#denied = new LastDenied(state.refusals)
    this.#setup = watchSetup(options.bundle())
    this.#rules = enabledRules(this.#setup)
    this.#localTime = localTimes(this.#setup.timeZone)
  }

  static async open(options: WatcherOptions): Promise<LiveWatch> {
    return new LiveWatch(options, await options.store.load(LOOK_BACK_DAYS))
  }

  async pass(): Promise<Pass> {
    this.#followBundle()
    // What is known of people is asked for anew each time: the lists may have changed.
    this.#people = new Map()
    this.#book.beginPass()
    const repeated = this.#repeatedTickets()
    repeated.catch(() => {})
    const staff = await this.#staff()
    let [events, findings] = [0, 0]
    // While one commit is under way the next batches are judged; should it fail, so does the pass.
    let committing: Promise<boolean> = Promise.resolve(true)
    let waiting: Uncommitted = { events: 0, findings: [] }
    let judged: Uncommitted = { events: 0, findings: [] }
    let position: FeedPosition | null = null
    let lastCommit = this.#options.clock.now()
    const settle = async (): Promise<boolean> => {
      if (!(await committing)) return false
      events += waiting.events
      findings += waiting.findings.length
      return true
    }
    const commit = async (): Promise<boolean> => {
      if (position === null) return true
      if (!(await settle())) return false
      committing = this.#commit(position, this.#ticketsTo, judged.findings)
      committing.catch(() => {})
      lastCommit = this.#options.clock.now()
      ;[waiting, judged, position] = [judged, { events: 0, findings: [] }, null]
      return true
    }
    for await (const { batch, facts } of this.#withFacts(ahead(this.#options.feed.read(this.#position)))) {
      const found = await this.#judge(batch.events, facts, staff)
      judged = { events: judged.events + batch.events.length, findings: [...judged.findings, ...found] }
      position = batch.position
      this.#forget(position)
      const isNearEnd = batch.left > 0 && batch.left <= LAST_EVENTS && judged.events > LAST_EVENTS
      const isDue =
        isNearEnd ||
        judged.events >= (this.#options.eventsACommit ?? EVENTS_A_COMMIT) ||
        this.#options.clock.now() - lastCommit >= COMMIT_WITHIN_US
      if (isDue && !(await commit())) return { events, findings, superseded: true }
    }
    if (!(await commit()) || !(await settle())) return { events, findings, superseded: true }
    const split = await this.#keepSplit(await repeated)
    if (split === 'superseded') return { events, findings, superseded: true }
    return { events, findings: findings + split, superseded: false }
  }

  #followBundle(): void {
    const bundle = this.#options.bundle()
    if (bundle.version === this.#setup.version) return
    this.#setup = watchSetup(bundle)
    this.#rules = enabledRules(this.#setup)
    this.#localTime = localTimes(this.#setup.timeZone)
  }

  async #staff(): Promise<Pick<Surroundings, 'staff' | 'staffByIdentity' | 'endedContracts'>> {
    const [staff, endedContracts] = await Promise.all([
      this.#options.staff.all(),
      this.#options.staff.endedContracts(),
    ])
    const known = [...staff.values()].filter(({ identity }) => identity !== null)
    return { staff, endedContracts, staffByIdentity: Map.groupBy(known, ({ identity }) => identity ?? '') }
  }

  /** Asks what the next batch is judged by while the one before is being judged. */
  async *#withFacts(batches: AsyncIterable<FeedBatch>): AsyncGenerator<BatchWithFacts> {
    let waiting: { readonly batch: FeedBatch; readonly facts: Promise<BatchFacts> } | null = null
    for await (const batch of batches) {
      const facts: BatchFacts | null = waiting === null ? null : await waiting.facts
      const before: FeedBatch | null = waiting?.batch ?? null
      waiting = { batch, facts: this.#factsOf(batch.events) }
      waiting.facts.catch(() => {})
      if (before !== null && facts !== null) yield { batch: before, facts }
    }
    if (waiting !== null) yield { batch: waiting.batch, facts: await waiting.facts }
  }

  async #factsOf(events: readonly WatchedEvent[]): Promise<BatchFacts> {
    // No more at once: judging leaves little time for making connections, and one is committing meanwhile.
    const people = this.#learnPeople(events)
    people.catch(() => {})
    const tickets = await this.#ticketsOf(events)
    const grants = await this.#grantsOf(events)
    return { tickets, grants, people: await people }
  }

  async #judge(
    events: readonly WatchedEvent[],
    { tickets, grants, people }: BatchFacts,
    staff: Pick<Surroundings, 'staff' | 'staffByIdentity' | 'endedContracts'>,
  ): Promise<readonly Finding[]> {
    if (events.length === 0) return []
    await this.#addRefused(events, tickets)
    const findings: Findings = new Map()
    const around = {
      ...{ setup: this.#setup, tickets, grants },
      ...{ people, refusals: this.#refusals },
      ...staff,
    }
    let judged = 0
    for (const event of events) {
      this.#judgeOne(event, around, findings)
      // The next batch's facts and a commit are under way: a connection that nobody attends to times out.
      if (++judged % EVENTS_A_TURN === 0) await nextTurn()
    }
    return [...findings.values()].map((finding) => finding())
  }

  #judgeOne(event: WatchedEvent, around: Surroundings, findings: Findings): void {
    const local = this.#localTime(event.at)
    this.#counter.count(event, monthOfDay(local.day), this.#setup)
    const { operator } = event
    if (operator === null) return
    const access = new AccessCase(event, local, around)
    const day = this.#profiles.day(operator, local.day, event)
    for (const [rule, judge] of this.#rules) {
      const note = judge(access)
      if (note !== null) this.#note(rule, day, event, note, findings)
    }
    if (event.decision === 'deny') this.#remember(access, local)
    if (access.showed) this.#profile(access, day, findings)
    this.#settle(access)
    this.#excuse(access)
    this.#followGrant(access, local)
  }

  /** Adds to the day's mark, and where the rule's measure is full, to its finding. */
  #note(rule: AlertRuleId, day: OperatorDay, event: WatchedEvent, note: Note, findings: Findings): void {
    addMark(day, rule, event, note)
    this.#profiles.touch(day)
    const { at_least: least, within_days: days } = this.#setup.settings.alerts[rule]
    const marks = this.#profiles
      .between(day.operator, day.day - days + 1, day.day)
      .flatMap((each) => each.marks.get(rule) ?? [])
    const of = COUNTS_PEOPLE.has(rule) ? 'people' : 'events'
    const count =
      of === 'people'
        ? marks.reduce((all, { people }) => all.union(people), new Set()).size
        : marks.reduce((sum, mark) => sum + mark.count, 0)
    if (count < least && note.atOnce !== true) return
    const key = `${rule}|${day.operator}|${Math.floor(day.day / days)}`
    findings.set(key, () => {
      const facts = uniqueFacts(marks.flatMap((mark) => mark.facts))
      const many: readonly Fact[] = count > 1 ? [{ code: 'so-many', count, of, days }] : []
      return findingOf(key, rule, day, marks, [...facts, ...many])
    })
  }

  #profile(access: AccessCase, day: OperatorDay, findings: Findings): void {
    const { event } = access
    for (const lookup of event.subjects) this.#profiles.saw(day, lookup)
    const loose = access.unexplained('breadth')
    for (const lookup of loose)
      this.#profiles.sawLoose(day, lookup, access.around.people.get(lookup)?.place ?? '')
    const ofDay = volume(day, this.#profiles, this.#setup)
    if (ofDay !== null) this.#notePeople('volume', day, event, { facts: ofDay, days: 0, findings })
    const overTime = loose.length === 0 ? null : breadth(day, this.#profiles, this.#setup)
    if (overTime !== null)
      this.#notePeople('breadth', day, event, { facts: overTime, days: LOOK_BACK_DAYS, findings })
  }

  /** @param days how many before this one belong to it */
  #notePeople(
    rule: 'volume' | 'breadth',
    day: OperatorDay,
    event: WatchedEvent,
    {
      facts,
      days,
      findings,
    }: { readonly facts: readonly Fact[]; readonly days: number; readonly findings: Findings },
  ): void {
    addMark(day, rule, event, { facts: [] })
    this.#profiles.touch(day)
    const key = `${rule}|${day.operator}|${days === 0 ? day.day : Math.floor(day.day / days)}`
    findings.set(key, () => {
      const marks = this.#profiles
        .between(day.operator, day.day - days, day.day)
        .flatMap((each) => each.marks.get(rule) ?? [])
      return findingOf(key, rule, day, marks, facts)
    })
  }

  #remember({ event, ticket: given }: AccessCase, local: LocalTime): void {
    const { id, at, operator, contract, workstation, resource, purpose, ticket, reasons, refusedField } =
      event
    if (operator === null) return
    const reason = reasons[0] ?? ''
    const field = reason.startsWith('field-') ? (refusedField ?? '') : ''
    const refusal: RecentRefusal = {
      ...{
        event: id,
        at,
        operator,
        contract,
        workstation,
        resource: resource ?? '',
        purpose,
        ticket,
        ticketPurpose: given !== null && given.openedAt <= at ? given.purpose : null,
        reason,
        field,
      },
      settled: false,
    }
    this.#counter.refused(refusal, monthOfDay(local.day))
    this.#refusals.push(refusal)
    if (this.#refusals.length > MAX_REFUSALS) this.#forgetOldest()
  }

  /** Excuses last: else refusals enough would make room for another. */
  #forgetOldest(): void {
    const oldest = this.#refusals.findIndex(({ excused }) => excused === undefined)
    this.#refusals.splice(Math.max(0, oldest), 1)
  }

  #excuse(access: AccessCase): void {
    const refusal = excusedRefusal(access)
    const { ticket, at } = access.event
    if (refusal === null || refusal.excused !== undefined || ticket === null) return
    this.#refusals[this.#refusals.indexOf(refusal)] = { ...refusal, excused: { ticket, at } }
  }

  /** Whoever was refused by a slip goes on with the same ticket, and it explains what they then see. */
  #settle({ event, showed, ticket }: AccessCase): void {
    if (!showed || ticket === null) return
    for (let i = this.#refusals.length - 1; i >= 0; i--) {
      const refusal = this.#refusals[i]
      if (refusal === undefined || event.at - refusal.at > SETTLED_WITHIN_US) return
      if (refusal.settled || refusal.operator !== event.operator || refusal.ticket !== ticket.id) continue
      if (ticket.openedAt <= refusal.at && ticket.purpose === event.purpose)
        this.#refusals[i] = { ...refusal, settled: true }
    }
  }

  /** When the grants were given that decisions rested on; whatever else was sent as one is nobody's. */
  async #grantsOf(events: readonly WatchedEvent[]): Promise<ReadonlyMap<string, number>> {
    const { grantRules } = this.#setup
    const ids = new Set<string>()
    for (const { grant, rules } of events)
      if (grant !== null && rules.some((rule) => grantRules.has(rule))) ids.add(grant)
    return ids.size === 0 ? new Map() : this.#options.grants.decidedAt([...ids])
  }

  /**
   * An access under a grant, by who was refused the same before, tells how long the unit took: until it decided, whenever
   * the operator came back to look.
   */
  #followGrant({ event, showed, around }: AccessCase, local: LocalTime): void {
    if (!showed || this.#refusals.length === 0) return
    if (!event.rules.some((rule) => around.setup.grantRules.has(rule))) return
    // One grant follows one refusal, however often it is used; and what was excused stays so, or it would be excused again.
    if (event.grant !== null && this.#refusals.some(({ granted }) => granted === event.grant)) return
    const index = this.#refusals.findLastIndex(
      ({ operator, resource, at, granted, excused }) =>
        granted === undefined &&
        excused === undefined &&
        operator === event.operator &&
        resource === event.resource &&
        event.at - at <= GRANT_WITHIN_US,
    )
    const refusal = this.#refusals[index]
    if (refusal === undefined) return
    this.#refusals[index] = { ...refusal, settled: true, granted: event.grant ?? '' }
    const decidedAt = around.grants.get(event.grant ?? '') ?? event.at
    // One that was there before the refusal was merely not named.
    this.#counter.granted(refusal, monthOfDay(local.day), Math.max(refusal.at, decidedAt))
  }

  async #learnPeople(events: readonly WatchedEvent[]): Promise<BatchFacts['people']> {
    // Not emptied: the batch before may still be judged by it.
    if (this.#people.size > MAX_PEOPLE_KNOWN) this.#people = new Map()
    const known = this.#people
    const asked: SubjectLookup[] = []
    for (const { subjects } of events) {
      for (const lookup of subjects) {
        if (known.has(lookup)) continue
        known.set(lookup, null)
        asked.push(lookup)
      }
    }
    if (asked.length > 0)
      for (const [lookup, person] of await this.#options.people.about(asked)) known.set(lookup, person)
    return known
  }

  /**
   * The tickets that were given, and those that may explain an access in their place. Where many are asked about, all of
   * their contracts and days are read at once, and so each is read once.
   */
  async #ticketsOf(events: readonly WatchedEvent[]): Promise<BatchTickets> {
    const tickets = new BatchTickets()
    const ids = new Set<string>()
    for (const { ticket } of events) if (ticket !== null) ids.add(ticket)
    const isMany = ids.size >= MANY_TICKETS
    const all = isMany ? await this.#ticketsOpened(events.filter(showed)) : null
    for (const days of all?.values() ?? []) tickets.name(days, ids)
    await this.#addById(tickets, ids)
    const loose = this.#mayNeedOthers(events, tickets)
    const opened = all ?? (await this.#ticketsOpened(loose))
    const byContract = Map.groupBy(loose, ({ contract }) => contract)
    for (const [contract, days] of opened)
      tickets.file(contract, days, byContract.get(contract)?.flatMap(({ subjects }) => subjects) ?? [])
    if (tickets.old.size > 0) tickets.renew(await this.#options.tickets.byId([...tickets.old]))
    return tickets
  }

  /** And those of refusals that the events may go around: whom they are about tells whether it is another matter. */
  async #addRefused(events: readonly WatchedEvent[], tickets: BatchTickets): Promise<void> {
    const within = this.#setup.settings.alerts['retried-elsewhere'].within_minutes * MINUTE_US
    const oldest = Math.min(...events.map(({ at }) => at)) - within
    const refused = this.#refusals.flatMap(({ at, ticket }) =>
      at < oldest || ticket === null ? [] : [ticket],
    )
    await this.#addById(tickets, new Set(refused))
  }

  async #addById({ byId }: BatchTickets, ids: ReadonlySet<string>): Promise<void> {
    const asked = [...ids].filter((id) => !byId.has(id))
    if (asked.length === 0) return
    for (const [id, ticket] of await this.#options.tickets.byId(asked)) byId.set(id, ticket)
  }

  /** Accesses that the ticket given may not explain; and whoever was just refused may have an older one than they give next. */
  #mayNeedOthers(events: readonly WatchedEvent[], { byId }: BatchTickets): readonly WatchedEvent[] {
    const within = this.#setup.settings.alerts['retried-elsewhere'].within_minutes * MINUTE_US
    return events.filter((event) => {
      if (event.decision === 'deny') this.#denied.note(event)
      if (!showed(event)) return false
      const ticket = event.ticket === null ? undefined : byId.get(event.ticket)
      return (
        ticket === undefined ||
        !isOpenThen(ticket, event.contract, event.at) ||
        !event.subjects.every((lookup) => ticket.subjects.includes(lookup)) ||
        this.#denied.isWithin(event, within)
      )
    })
  }

  async #ticketsOpened(
    events: readonly WatchedEvent[],
  ): Promise<ReadonlyMap<string | null, readonly TicketDays[]>> {
    const spans = new Map<string | null, { from: number; to: number }>()
    for (const { contract, at } of events) {
      const span = spans.get(contract)
      if (span === undefined) spans.set(contract, { from: at, to: at })
      else span.to = Math.max(span.to, at)
    }
    const now = Number(this.#options.clock.now())
    const opened = new Map<string | null, readonly TicketDays[]>()
    for (const [contract, span] of spans)
      opened.set(contract, await this.#book.opened(contract, { ...span, now }))
    return opened
  }

  /** What no rule looks back on any more, from the last event of a batch. */
  #forget(position: FeedPosition): void {
    const last = position.reduce((latest, { at }) => Math.max(latest, at), 0)
    this.#refusals = this.#refusals.filter(
      ({ at, excused }) =>
        at >= last - GRANT_WITHIN_US || (excused !== undefined && excused.at >= last - EXCUSE_LASTS_US),
    )
    this.#profiles.forgetOld()
  }

  async #commit(position: FeedPosition, ticketsTo: number, findings: readonly Finding[]): Promise<boolean> {
    const outcome = await this.#options.store.commit({
      ...{ base: this.#version, position, ticketsTo, findings },
      refusals: this.#refusals,
      days: this.#profiles.takeChanged(),
      forgetBefore: this.#profiles.firstKept,
      ...this.#counter.take(),
      now: this.#options.clock.now(),
    })
    if (outcome === 'superseded') return false
    this.#version++
    this.#position = position
    this.#ticketsTo = ticketsTo
    return true
  }

  /** Those that may be split, and up to when they were asked for; `null` where it is too soon to ask again. */
  async #repeatedTickets(): Promise<RepeatedTickets | null> {
    const to = Number(this.#options.clock.now())
    if (to - this.#ticketsTo < TICKETS_EVERY_US) return null
    const from = Math.max(0, this.#ticketsTo - TICKETS_LOOK_BACK_US)
    const { at_least: least } = this.#setup.settings.alerts['ticket-splitting']
    return { to, tickets: await this.#options.tickets.repeatedBetween(from, to, least) }
  }

  async #keepSplit(repeated: RepeatedTickets | null): Promise<number | 'superseded'> {
    if (repeated === null) return 0
    const found = splitTickets(repeated.tickets, this.#setup.settings.alerts['ticket-splitting'])
    return (await this.#commit(this.#position, repeated.to, found)) ? found.length : 'superseded'
  }
}

function enabledRules({ settings }: WatchSetup): typeof ACCESS_RULES {
  return ACCESS_RULES.filter(([rule]) => settings.alerts[rule].enabled)
}

function showed({ decision, subjects }: WatchedEvent): boolean {
  return decision === 'permit' && subjects.length > 0
}

/** Reads the next batch while this one is judged and committed. */
async function* ahead<T>(batches: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = batches[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (let { done, value } = await next; done !== true; { done, value } = await next) {
      next = iterator.next()
      // Whoever stops in between does not wait for it, and its failure is not theirs.
      next.catch(() => {})
      yield value
    }
  } finally {
    await next.catch(() => {})
    await iterator.return?.()
  }
}

function addMark(day: OperatorDay, rule: AlertRuleId, { id, at }: WatchedEvent, note: Note): void {
  const mark = day.marks.get(rule) ?? newMark(at)
  day.marks.set(rule, mark)
  mark.count++
  mark.lastAt = Math.max(mark.lastAt, at)
  mark.firstAt = Math.min(mark.firstAt, at)
  for (const person of note.people ?? []) mark.people.add(person)
  for (const event of [...(note.events ?? []), id])
    if (mark.events.length < MAX_EVIDENCE) mark.events.push(event)
  if (mark.facts.length < MAX_FACTS)
    mark.facts.splice(0, mark.facts.length, ...uniqueFacts([...mark.facts, ...note.facts]))
}

function newMark(at: number): Mark {
  return { count: 0, people: new Set(), events: [], facts: [], firstAt: at, lastAt: at }
}

function uniqueFacts(facts: readonly Fact[]): readonly Fact[] {
  return [...new Map(facts.map((fact) => [JSON.stringify(fact), fact])).values()].slice(0, MAX_FACTS)
}

function findingOf(
  key: string,
  rule: AlertRuleId,
  { operator, contract }: OperatorDay,
  marks: readonly Mark[],
  facts: readonly Fact[],
): Finding {
  return {
    ...{ key, rule, operator, contract, facts },
    events: [...new Set(marks.flatMap(({ events }) => events))].slice(0, MAX_EVIDENCE),
    eventCount: marks.reduce((sum, { count }) => sum + count, 0),
    firstAt: BigInt(Math.min(...marks.map(({ firstAt }) => firstAt))),
    lastAt: BigInt(Math.max(...marks.map(({ lastAt }) => lastAt))),
  }
}
