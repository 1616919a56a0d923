import type { Pseudonym } from '@varco/core'
import type { RetentionDesk } from './desk.ts'
import { eventStanding } from './event/started-terms.ts'
import type { HoldsOn } from './hold.ts'
import type { PlanKind } from './plan-retention.ts'
import type { DueRecord } from './records.ts'
import type { DisposalRule } from './rules.ts'
import type { Buried } from './store.ts'

export const PAGE_KEYS = 2_000

/** Some of a rule's records that a plan takes, and what is told of them. */
export interface DuePage {
  /** In order. */
  readonly keys: readonly string[]
  /** ISO date: the trigger that has been over for longest. */
  readonly oldest: string | null
  readonly held: number
  /** Due by their dates; of what else they wait for nobody told, or it is not borne out. */
  readonly untold: number
  readonly unproven: number
  /** On whose word the others are due. */
  readonly tellers: readonly Pseudonym[]
}

/** What is looked at besides dates. */
interface Asked {
  readonly holding: HoldsOn
  /** `null`: nothing that went before makes a difference. */
  readonly buried: Buried | null
  readonly kind: PlanKind
}

type Desk = Pick<RetentionDesk, 'store' | 'records' | 'contractEnds' | 'toldInLog' | 'hashKey'>

/** What a rule has due, page by page; each is read while the one before is worked on. */
export async function* duePages(desk: Desk, rule: DisposalRule, asked: Asked): AsyncGenerator<DuePage> {
  const { records } = desk
  const { holding, buried } = asked
  if (!holding.mayHold && buried === null && rule.events.length === 0) {
    const read = (after: string | null) => records.dueKeys(rule, after, PAGE_KEYS)
    for await (const page of pagesAhead(read, ({ keys }) => keys)) yield { ...ALL_DUE, ...page }
    return
  }
  const read = (after: string | null) => records.due(rule, after, PAGE_KEYS, holding)
  for await (const found of pagesAhead(read, keysOf)) yield weighed(desk, rule, asked, found)
}

const ALL_DUE = { held: 0, untold: 0, unproven: 0, tellers: [] }

async function weighed(
  desk: Desk,
  rule: DisposalRule,
  { holding, buried, kind }: Asked,
  found: readonly DueRecord[],
): Promise<DuePage> {
  const standing = await eventStanding(desk, rule, keysOf(found))
  const termOf = ({ key }: DueRecord) => standing(key).term
  const over = found.filter((record) => termOf(record) === 'over')
  const page = await plannedOf(over, rule, { hashKey: desk.hashKey, buried, kind })
  return {
    keys: keysOf(page),
    oldest: page.reduce<string | null>(
      (oldest, { trigger }) => (trigger !== null && (oldest === null || trigger < oldest) ? trigger : oldest),
      null,
    ),
    held: page.filter(await holding.among(page)).length,
    untold: found.filter((record) => termOf(record) === 'untold').length,
    unproven: found.filter((record) => termOf(record) === 'unproven').length,
    tellers: page.flatMap(({ key }) => standing(key).tellers),
  }
}

function keysOf(records: readonly DueRecord[]): readonly string[] {
  return records.map(({ key }) => key)
}

/** A record is masked or restricted once, as its tombstone tells; a replay takes those alone that have one. */
async function plannedOf(
  found: readonly DueRecord[],
  { resource }: DisposalRule,
  {
    hashKey,
    buried,
    kind,
  }: Pick<RetentionDesk, 'hashKey'> & { readonly buried: Buried | null; readonly kind: PlanKind },
): Promise<readonly DueRecord[]> {
  if (buried === null) return found
  const hashes = found.map(({ key }) => hashKey(resource.name, key))
  const known = await buried.among(hashes)
  return found.filter((_, at) => known.has(hashes[at] ?? '') === (kind === 'replay'))
}

async function* pagesAhead<Page>(
  read: (after: string | null) => Promise<Page>,
  keysOf: (page: Page) => readonly string[],
): AsyncGenerator<Page> {
  for (let coming = read(null); ;) {
    const found = await coming
    const keys = keysOf(found)
    const last = keys.length < PAGE_KEYS ? undefined : keys.at(-1)
    if (last !== undefined) {
      coming = read(last)
      // Its fault is told when its turn comes; nobody may come for it.
      coming.catch(() => {})
    }
    yield found
    if (last === undefined) return
  }
}
