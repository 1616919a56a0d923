import type { FieldName } from '@varco/core'
import type { Resource } from '@varco/policy'
import type { RecordPlace } from './plan.ts'
import type { ArchivedRecord } from './archive.ts'
import type { ForeignKey, Reference } from './graph.ts'
import type { HoldQuestions, HoldsOn, LockedRecord } from './hold.ts'
import type { DisposalRule } from './rules.ts'

export interface DueRecord extends LockedRecord {
  /** Its own trigger, as text; `null`: no date makes it due. */
  readonly trigger: string | null
}

/**
 * A transaction of Varco's own state in which records that are kept in the same database can be disposed of. What it is only
 * adapters of one kind know.
 */
export interface SliceTransaction {
  readonly keptIn: object
}

export interface DisposeTask {
  readonly rule: DisposalRule
  /** Keys of the rule's resource. */
  readonly keys: readonly string[]
  /** Those whose parent is the rule's table. */
  readonly references: readonly Reference[]
  /** Given what an archiving slice is about to take away; awaited before the commit. `null`: nothing is kept. */
  readonly archive: ((records: readonly ArchivedRecord[]) => Promise<void>) | null
  /** Asked of the records once they are locked: which of them what they wait for lets go. */
  readonly started: (keys: readonly string[]) => Promise<(key: string) => boolean>
  /** Asked of the records once they are locked; `null`: no hold is heeded. */
  readonly holds: HoldsOn | null
  /** Awaited last before the commit: throws when what the holds said may no longer be so. */
  readonly confirm: () => Promise<void>
  /** Of the keys those on which nothing hangs upstream; the others are pointed at. Absent: nothing can hang on any. */
  readonly clear?: ReadonlySet<string>
  /** Where it is done, and left to whoever began it to commit; after a fault they undo it. Absent: in one of the records' own. */
  readonly within?: SliceTransaction | null
}

/** What must be known of records to tell which of them would go at this moment. */
export type ReadyTask = Pick<DisposeTask, 'rule' | 'keys' | 'references' | 'started' | 'holds'>

export interface CascadeTask {
  /** Whose records. */
  readonly resource: Resource
  readonly keys: readonly string[]
  readonly foreignKeys: readonly ForeignKey[]
  /** What they take away is planned. */
  readonly rules: readonly DisposalRule[]
}

/** What became of each key of a task: every key stands in exactly one list. */
export interface Disposed {
  readonly done: readonly string[]
  readonly held: readonly string[]
  /** Other records still point at it. */
  readonly referenced: readonly string[]
  /** Its dates, or the event it waits for, were corrected since the plan. */
  readonly notDue: readonly string[]
  /** Somebody else had it locked. */
  readonly busy: readonly string[]
  /** It was no longer there. */
  readonly gone: readonly string[]
  /** Too few records would be like it once it is anonymised: it would still tell who it was. */
  readonly identifiable: readonly string[]
}

export interface RemainingWithin {
  readonly keys: readonly string[]
  /** The commit may still bring records back: there are triggers of the body's own that may put off what they do until then. */
  readonly mayReturn: boolean
}

/**
 * The body's own records, where they are kept. Every method throws `UnavailableError` when they cannot be reached, and
 * then has changed nothing, except that a failed `dispose` may have been done: `remaining` tells.
 */
export interface RetentionRecords {
  /** The same as the state's where they share transactions. */
  readonly keptIn: object
  /** Every foreign key of the database, whether or not the catalogue knows its tables. */
  foreignKeys(): Promise<readonly ForeignKey[]>
  /**
   * Records of which every term is over, by key, after the one given.
   * @param asked what is told of each record besides; by default nothing
   */
  due(
    rule: DisposalRule,
    after: string | null,
    limit: number,
    asked?: HoldQuestions,
  ): Promise<readonly DueRecord[]>
  /** Their keys alone. `oldest`: the rule's own trigger that has been over for longest, as text. */
  dueKeys(
    rule: DisposalRule,
    after: string | null,
    limit: number,
  ): Promise<{ readonly keys: readonly string[]; readonly oldest: string | null }>
  /** Records of these keys of which every term is over. */
  dueAmong(rule: DisposalRule, keys: readonly string[]): Promise<readonly DueRecord[]>
  /** How many rows each foreign key would reach from these records, were they deleted at once; in the order of the keys given. */
  cascades(task: CascadeTask): Promise<readonly { readonly rows: number; readonly unplanned: number }[]>
  /** Records that lack the rule's own trigger: never due. */
  withoutTrigger(rule: DisposalRule): Promise<number>
  /** One transaction, its own or the one it is done within: locks, asks again whether each is due, unheld and pointed at by nobody, and disposes of those. */
  dispose(task: DisposeTask): Promise<Disposed>
  /**
   * Does the work with those that would go at this moment: due, unheld, pointed at by nobody. They stay locked meanwhile, and
   * are changed by nobody; `confirm` throws when that may no longer be so.
   */
  whileReady<T>(
    task: ReadyTask,
    work: (ready: readonly LockedRecord[], confirm: () => Promise<void>) => Promise<T>,
  ): Promise<T>
  /** Which of the keys are there, once whoever is deleting any of them has ended; `null`: there is no such place any more. */
  remaining(place: RecordPlace, keys: readonly string[]): Promise<readonly string[] | null>
  /** The same as that transaction sees them, after all that the database does only at a commit. */
  remainingWithin(
    place: RecordPlace,
    keys: readonly string[],
    within: SliceTransaction,
  ): Promise<RemainingWithin>
  /** What these records have in a field, as text, by key; those that are gone or have nothing there are left out. */
  textsIn(resource: Resource, field: FieldName, keys: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** All keys, in order, after the one given: to compare with tombstones. */
  keys(resource: Resource, after: string | null, limit: number): Promise<readonly string[]>
}
