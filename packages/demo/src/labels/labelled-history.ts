import type { PastEvent } from '@varco/access-log'
import type { DataSubjectRef } from '@varco/core'
import type { Ticket } from '@varco/engagement'
import { HistoryBook } from '../history/history-book.ts'
import { historyPeople, type HistoryOptions, type StaffHome } from '../history/history-people.ts'
import { honestWork } from '../history/honest-work.ts'
import { randomFrom } from '../sample/random.ts'
import { SAMPLE_SEED } from '../sample/sample-body.ts'
import type { SampleOperator } from '../sample/sample-operators.ts'
import {
  afterTermination,
  canary,
  colleague,
  family,
  judicialProbing,
  noTicket,
  offHours,
  outOfArea,
  retriedElsewhere,
  self,
  slowSnoop,
  ticketAfterAccess,
  ticketOfAnother,
  ticketSplitting,
  vip,
  volume,
  type Ground,
} from './misbehaviour.ts'
import type { PlantedCase } from './planted-case.ts'

/** Two years of the sample body's log, and what the watch is given beside it. */
export interface LabelledHistory {
  /** By the name of the process that wrote them, in the order of their times. */
  readonly trees: ReadonlyMap<string, readonly PastEvent[]>
  readonly tickets: readonly Ticket[]
  /** What their employers know of those who work. */
  readonly staff: readonly StaffHome[]
  /** Records about nobody, put there to be found. */
  readonly canaries: readonly DataSubjectRef[]
  /** What really happened. For benchmarks and tests alone. */
  readonly cases: readonly PlantedCase[]
}

const CANARIES = 5
const PLANTERS = [
  ...[slowSnoop, noTicket, ticketOfAnother, ticketAfterAccess, self, family, colleague, vip, canary],
  ...[afterTermination, outOfArea, volume, retriedElsewhere, judicialProbing, offHours, ticketSplitting],
]

/** Honest work, and planted in it several cases of every misbehaviour and honest near-misses of each. */
export async function labelledHistory(options: HistoryOptions): Promise<LabelledHistory> {
  const people = await historyPeople(options)
  const book = new HistoryBook()
  const random = randomFrom(options.seed ?? SAMPLE_SEED, 'planted')
  const canaries = people.callers.slice(0, CANARIES).map(({ producer_id: id }) => id)
  // Nobody calls about a canary, for there is nobody.
  const callers = people.callers.slice(CANARIES)
  const [first, ...others] = callers
  if (first === undefined) throw new RangeError('a body without producers')
  const met = {
    ...people,
    callers: [first, ...others] as const,
    byRegion: Map.groupBy(callers, ({ region }) => region),
  }
  honestWork(met, book)
  const cases: PlantedCase[] = []
  const ground: Ground = {
    ...{ people: met, book, random, cases, canaries },
    operator: unusedOperators(met.stints.filter(({ contract }) => contract !== null)),
    stranger: strangers(callers),
  }
  for (const plant of PLANTERS) plant(ground)
  const entries = book.entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  return {
    trees: Map.groupBy(
      entries.map(({ at, by, draft }) => ({ at, draft, tree: treeOf(by) })),
      ({ tree }) => tree,
    ),
    tickets: book.tickets,
    staff: [...people.homes.values()],
    canaries: canaries.map((id) => ({ kind: 'producer', id })),
    cases,
  }
}

/** Two proxies share the work, each with a tree of its own. */
function treeOf({ pseudonym }: SampleOperator): string {
  return pseudonym.charCodeAt(pseudonym.length - 1) % 2 === 0 ? 'past-1' : 'past-2'
}

function unusedOperators(stints: Ground['people']['stints']): Ground['operator'] {
  let turn = 0
  return () => {
    const stint = stints[turn % stints.length]
    const by = stint?.crew[Math.floor(turn / stints.length) % (stint.crew.length - SNOOPS)]
    if (stint === undefined || by === undefined) throw new RangeError('a history without operators')
    turn++
    return { by, stint }
  }
}

/** The last of each crew have something else to do. */
const SNOOPS = 3

function strangers<T>(rows: readonly T[]): () => T {
  let at = 0
  // Far apart, so that they live all over the country.
  return () => {
    at = (at + 7_919) % rows.length
    // INVARIANT: within the length.
    return rows[at] as T
  }
}
