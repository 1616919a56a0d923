import { InvariantError, type Micros, type Pseudonym } from '@varco/core'
import type { FetchedRecord, HangingRecords } from '@varco/policy'
import { spelt } from '../canonical-key.ts'
import type { RetentionDesk } from '../desk.ts'
import type { Reference } from '../graph.ts'
import { letGoByEvent } from '../event/started-terms.ts'
import { holdsOn, type Hold, type LockedRecord } from '../hold.ts'
import { burialBy } from '../plan-rules.ts'
import type { DisposalRule } from '../rules.ts'
import { tombstonesOf } from '../tombstones-of.ts'
import { putOff } from './back-off.ts'
import { mayBeTheirs } from './may-be-theirs.ts'
import { textIn } from './text-in.ts'
import type { Errand, Errands, OpenErrand } from './outbox.ts'
import type { NotReached, Removed } from './upstream-records.ts'

interface Desk extends Pick<
  RetentionDesk,
  'bundle' | 'outbox' | 'upstreams' | 'clock' | 'hashKey' | 'shownUnder' | 'contractEnds' | 'toldInLog'
> {
  readonly store: Pick<RetentionDesk['store'], 'whileHoldsStand' | 'lastTold'>
  readonly records: Pick<RetentionDesk['records'], 'whileReady' | 'textsIn'>
}

export interface ClearTask {
  readonly plan: string
  readonly rule: DisposalRule
  readonly keys: readonly string[]
  /** Of the plan. */
  readonly approvers: readonly Pseudonym[]
  /** Those whose parent is the rule's table. */
  readonly references: readonly Reference[]
  /** What hangs on the rule's records. */
  readonly hanging: readonly HangingRecords[]
  readonly stop: () => boolean
  /** Asked between two turns: whether the plan is ended, called off or paused. */
  readonly isOver: () => Promise<boolean>
}

/** Keys of a task. In none of the sets: it would not go now, or what hangs on it waits for its upstream. */
export interface Cleared {
  /** Nothing hangs on it any more. */
  readonly clear: ReadonlySet<string>
  /** A hold covers what hangs on it. */
  readonly held: ReadonlySet<string>
  /** The upstream would not let it go, or could not, often enough. */
  readonly abandoned: ReadonlySet<string>
}

/** How an errand ended for now. `cut`: others had to be let in; it goes on at once. */
type ErrandEnd = 'clear' | 'held' | 'abandoned' | 'waiting' | 'cut'

/** For so long at most who places a hold waits, and a call's own time. */
const TURN_US = 3_000_000n
const AT_ONCE = 4
/** Then the records are left for the next pass: an upstream that lists ever new ones does not hold the run for ever. */
const MOST_TURNS = 100

/**
 * Takes away what hangs on records that are about to go, behind whichever upstream: children first here too. Only of those
 * that would go at this moment, which stay locked meanwhile, and while no hold can be placed. Each errand is noted before its
 * upstream hears of it; what was asked to go has gone once it is no longer found.
 * @throws UnavailableError when the records or the store fail: what was begun stays noted
 */
export async function clearUpstreams(desk: Desk, task: ClearTask): Promise<Cleared> {
  const ends = new Map<string, ErrandEnd>()
  let todo = task.keys
  for (let turn = 0; turn < MOST_TURNS && todo.length > 0 && !task.stop(); turn++) {
    if (turn > 0 && (await task.isOver())) break
    for (const [key, end] of await takeTurn(desk, { ...task, keys: todo })) ends.set(key, end)
    const cut = todo.filter((key) => ends.get(key) === 'cut')
    // Others first now: one on which ever more hangs keeps none waiting.
    todo = [...cut.slice(AT_ONCE), ...cut.slice(0, AT_ONCE)]
  }
  const ended = (wanted: ErrandEnd): ReadonlySet<string> =>
    new Set([...ends].flatMap(([key, end]) => (end === wanted ? [key] : [])))
  return { clear: ended('clear'), held: ended('held'), abandoned: ended('abandoned') }
}

/** @returns how it stands with each key that would go now */
function takeTurn(desk: Desk, task: ClearTask): Promise<ReadonlyMap<string, ErrandEnd>> {
  const { store, records, clock } = desk
  const { rule, keys, approvers, references } = task
  return store.whileHoldsStand((holds, holdsStand) => {
    const heeded = holdsOn(holds, rule.resource, desk)
    // What waits for an event keeps what hangs on it as well.
    const asked = { rule, keys, references, holds: heeded, started: letGoByEvent(desk, rule, approvers) }
    return records.whileReady(asked, async (ready, stillLocked) => {
      // One after the other: a connection answers one question at a time.
      let confirmed = Promise.resolve()
      const confirm = (): Promise<void> => {
        confirmed = confirmed.then(holdsStand).then(stillLocked)
        return confirmed
      }
      const until = clock.now() + TURN_US
      return new Turn(desk, task, { holds, confirm, until }).clear(ready)
    })
  })
}

interface Standing {
  readonly holds: readonly Hold[]
  /** Throws when a hold may have been placed, or a record may have changed. */
  readonly confirm: () => Promise<void>
  readonly until: Micros
}

interface Job {
  readonly hanging: HangingRecords
  readonly record: LockedRecord
  readonly errand: OpenErrand
}

/** What an upstream lists of a record. */
interface Listed {
  readonly keys: ReadonlySet<string>
  /** Those of them that no hold covers. */
  readonly free: readonly string[]
}

const OTHERS: NotReached = { ok: false, refused: true, outcome: 'other-records' }
const STILL_THERE: NotReached = { ok: false, refused: false, outcome: 'still-there' }

/** Worst first: a record goes only if all that hangs on it has gone. */
const ENDS: readonly ErrandEnd[] = ['held', 'abandoned', 'waiting', 'cut', 'clear']

class Turn {
  readonly #desk: Desk
  readonly #task: ClearTask
  readonly #standing: Standing

  constructor(desk: Desk, task: ClearTask, standing: Standing) {
    this.#desk = desk
    this.#task = task
    this.#standing = standing
  }

  async clear(ready: readonly LockedRecord[]): Promise<ReadonlyMap<string, ErrandEnd>> {
    const ends = new Map<string, ErrandEnd>(ready.map(({ key }) => [key, 'clear']))
    const place = new Map(this.#task.keys.map((key, at) => [key, at]))
    const inTurn = ready.toSorted((a, b) => (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0))
    const jobs = await this.#jobs(inTurn)
    const work = async (): Promise<void> => {
      for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
        const { key } = job.record
        const end = await this.#run(job)
        const known = ends.get(key) ?? 'clear'
        ends.set(key, ENDS.indexOf(end) < ENDS.indexOf(known) ? end : known)
      }
    }
    // None is left behind at work when another fails: what they hold is let go of afterwards.
    const done = await Promise.allSettled(Array.from({ length: AT_ONCE }, work))
    for (const each of done) if (each.status === 'rejected') throw each.reason
    return ends
  }

  async #jobs(ready: readonly LockedRecord[]): Promise<Job[]> {
    const { plan, rule, hanging: all } = this.#task
    const found = ready.flatMap((record) => all.map((hanging) => ({ record, hanging })))
    const errands = found.map(({ record, hanging }): Errand => ({
      ...{ plan, rule: rule.id, resource: hanging.resource.name },
      ...{ by: hanging.field, parent: record.key },
    }))
    const open = await this.#desk.outbox.queue(errands, this.#desk.clock.now())
    return found.map((each, at) => {
      const errand = open[at]
      // A record whose errand nobody has is not one on which nothing hangs.
      if (errand === undefined) throw new InvariantError('an errand was not queued')
      return { ...each, errand }
    })
  }

  async #run(job: Job): Promise<ErrandEnd> {
    const { errand, hanging } = job
    if (errand.abandoned) return 'abandoned'
    if (errand.notBefore > this.#desk.clock.now()) return 'waiting'
    if (this.#isOver()) return 'cut'
    return hanging.listing === null ? this.#takeOne(job) : this.#takeListed(job)
  }

  /** What has the other's key as its own: one record at most, which no listing tells to be there. */
  async #takeOne({ hanging, record, errand }: Job): Promise<ErrandEnd> {
    const { outbox } = this.#desk
    const value = record.key
    const { dataSubject } = hanging.resource
    const one = { key: value, dataSubject: whoseOf(record, hanging, this.#task.rule) }
    if (
      (dataSubject !== null && one.dataSubject === null && this.#holdsSomebody(dataSubject.kind)) ||
      (await this.#held(hanging, [one]))(one)
    )
      return this.#hold(errand)
    const wasBegun = errand.begun.includes(value)
    if (!wasBegun) await outbox.note({ ...errand, begun: [value] }, null)
    const removed = await this.#take(hanging, value)
    if (!removed.ok) return this.#putOff({ ...errand, begun: [value] }, removed)
    await outbox.close(errand, this.#gone(hanging, removed.was === 'there' || wasBegun ? [value] : []))
    return 'clear'
  }

  /**
   * Lists, takes away what is listed and not held, and lists again, until nothing is. However short a turn is, each takes
   * something.
   */
  async #takeListed(job: Job): Promise<ErrandEnd> {
    const { hanging } = job
    const { outbox } = this.#desk
    const taken = new Set<string>()
    for (let errand = job.errand; ;) {
      const listed = await this.#list(job)
      if ('ok' in listed) return this.#fail(hanging, errand, taken, listed)
      const { keys, free } = listed
      const gone = this.#gone(
        hanging,
        errand.begun.filter((key) => !keys.has(key)),
      )
      if (keys.size === 0) {
        await outbox.close(errand, gone)
        return 'clear'
      }
      if (free.length === 0) return this.#hold(errand, gone)
      errand = { ...errand, begun: free }
      if (free.some((key) => taken.has(key))) return this.#putOff(errand, STILL_THERE, gone)
      await outbox.note(errand, gone)
      for (const key of free) {
        const removed = taken.size > 0 && this.#isOver() ? null : await this.#take(hanging, key)
        if (removed === null) {
          await outbox.note(...this.#settled(hanging, errand, taken))
          return 'cut'
        }
        if (!removed.ok) return this.#fail(hanging, errand, taken, removed)
        taken.add(key)
      }
    }
  }

  async #list({ hanging, record }: Job): Promise<NotReached | Listed> {
    const found = await this.#desk.upstreams.find(hanging, record.key)
    if (!found.ok) return found
    // An upstream that ignores what it is asked would have others' records taken away.
    if (!found.records.every((each) => isTied(each, hanging, record.key))) return OTHERS
    const there = found.records.map((each) => lockedOf(each, hanging, record, this.#task.rule))
    const isHeld = await this.#held(hanging, there)
    const free = there.filter((each) => !isHeld(each)).map(({ key }) => key)
    return { keys: new Set(there.map(({ key }) => key)), free: [...new Set(free)] }
  }

  /** It may be long before the upstream is asked again, or a hold may come first: what went is noted now, and begins anew. */
  #fail(
    hanging: HangingRecords,
    errand: OpenErrand,
    taken: ReadonlySet<string>,
    why: NotReached,
  ): Promise<ErrandEnd> {
    const [left, gone] = this.#settled(hanging, errand, taken)
    return this.#putOff(taken.size === 0 ? left : { ...left, attempts: 0 }, why, gone)
  }

  #settled(
    hanging: HangingRecords,
    errand: OpenErrand,
    taken: ReadonlySet<string>,
  ): readonly [OpenErrand, Errands | null] {
    const { begun } = errand
    const went = begun.filter((key) => taken.has(key))
    return [{ ...errand, begun: begun.filter((key) => !taken.has(key)) }, this.#gone(hanging, went)]
  }

  async #take(hanging: HangingRecords, key: string): Promise<Removed> {
    await this.#standing.confirm()
    return this.#desk.upstreams.remove(hanging, key)
  }

  #isOver(): boolean {
    return this.#task.stop() || this.#desk.clock.now() > this.#standing.until
  }

  async #held(
    hanging: HangingRecords,
    records: readonly LockedRecord[],
  ): Promise<(record: LockedRecord) => boolean> {
    const on = this.#task.rule.resource
    const holding = holdsOn(this.#standing.holds, hanging.resource, this.#desk)
    const isHeld = await holding.among(records)
    return (record) =>
      isHeld({
        ...record,
        theirs: mayBeTheirs(holding.belonging, { found: record.watched ?? {}, hanging, on }),
      })
  }

  /** Of one whose data subject nobody can tell: any hold of somebody of the kind may be of theirs. */
  #holdsSomebody(kind: string): boolean {
    return this.#standing.holds.some(
      ({ scope }) => scope.kind === 'data-subject' && scope.dataSubject.kind === kind,
    )
  }

  async #hold(errand: OpenErrand, gone: Errands | null = null): Promise<ErrandEnd> {
    await this.#desk.outbox.close(errand, gone)
    return 'held'
  }

  async #putOff(errand: OpenErrand, why: NotReached, gone: Errands | null = null): Promise<ErrandEnd> {
    const next = putOff(errand, why, this.#desk.clock.now())
    await this.#desk.outbox.note(next, gone)
    return next.abandoned ? 'abandoned' : 'waiting'
  }

  #gone({ resource }: HangingRecords, keys: readonly string[]): Errands | null {
    if (keys.length === 0) return null
    return {
      action: burialBy(this.#task.rule),
      tombstones: tombstonesOf(this.#desk, resource.name, keys),
      at: this.#desk.clock.now(),
    }
  }
}

/** Whose record it is, as far as the record it hangs on tells: where both are about one kind of data subject. */
function whoseOf(
  record: LockedRecord,
  { resource }: HangingRecords,
  { resource: other }: DisposalRule,
): string | null {
  return resource.dataSubject !== null && resource.dataSubject.kind === other.dataSubject?.kind
    ? record.dataSubject
    : null
}

function isTied(found: FetchedRecord, { resource, field }: HangingRecords, value: string): boolean {
  const has = found[field]
  return (
    has !== null && has !== undefined && spelt(resource, field, textIn(has)) === spelt(resource, field, value)
  )
}

function lockedOf(
  found: FetchedRecord,
  hanging: HangingRecords,
  record: LockedRecord,
  rule: DisposalRule,
): LockedRecord {
  const { key, dataSubject } = hanging.resource
  const whose = dataSubject === null ? null : found[dataSubject.field]
  return {
    key: textIn(found[key]),
    dataSubject: whose === null || whose === undefined ? whoseOf(record, hanging, rule) : textIn(whose),
    watched: found,
  }
}
