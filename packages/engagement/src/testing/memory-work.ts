import type { WorkKeyOwner } from '../work/work-keys.ts'
import type { WorkMonth } from '../work/work-month.ts'
import type { DeclaredMonth, DecideClosing, WorkDeclaration, WorkStore } from '../work/work-store.ts'
import { workTokenId } from '../work/work-token.ts'

interface Kept {
  month: WorkMonth
  readonly taken: Map<string, string>
  readonly handedIn: Map<string, WorkDeclaration>
}

/** Declared work, kept in memory for tests. */
export function memoryWork(): WorkStore {
  const months = new Map<string, Kept>()
  const kept = ({ contract, month }: WorkKeyOwner): Kept | undefined => months.get(`${month} ${contract}`)
  const declared = ({ month, handedIn }: Kept): DeclaredMonth => ({
    ...month,
    declarations: [...handedIn].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, declaration]) => declaration),
  })
  let deciding: Promise<unknown> = Promise.resolve()
  const closing = (
    owner: WorkKeyOwner,
    decide: DecideClosing,
    isFor: (found: Kept) => boolean,
  ): Promise<boolean> => {
    const decided = deciding.then(async () => {
      const found = kept(owner)
      const event = found === undefined || !isFor(found) ? null : await decide(declared(found))
      if (event !== null) change(owner, { closed: event })
      return event !== null
    })
    deciding = decided.catch(() => {})
    return decided
  }
  const all = (): readonly Kept[] =>
    [...months].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, month]) => month)
  const change = (owner: WorkKeyOwner, part: Partial<WorkMonth>): void => {
    const found = kept(owner)
    if (found !== undefined) found.month = { ...found.month, ...part }
  }
  return {
    month: async (owner) => kept(owner)?.month ?? null,
    putMonth: async (month) => {
      const found = kept(month)
      if (found !== undefined) return found.month
      const added = { ...month, announced: null, closed: null }
      months.set(`${month.month} ${month.contract}`, { month: added, taken: new Map(), handedIn: new Map() })
      return added
    },
    announce: async (owner, event) => {
      change(owner, { announced: kept(owner)?.month.announced ?? event })
    },
    take: async (owner, taker, blinded) => {
      const taken = kept(owner)?.taken
      if (taken === undefined) return false
      if (!taken.has(taker)) taken.set(taker, blinded)
      return taken.get(taker) === blinded
    },
    handIn: async (owner, declaration) => {
      await deciding
      const found = kept(owner)
      const token = workTokenId(declaration)
      if (found === undefined || found.month.closed !== null || found.handedIn.has(token)) return false
      found.handedIn.set(token, declaration)
      return true
    },
    declared: async (contract, from, to) =>
      all()
        .filter(({ month: of }) => of.contract === contract && from <= of.month && of.month <= to)
        .map(declared),
    notClosed: async (upTo) =>
      all()
        .filter(({ month: of }) => of.closed === null && of.month <= upTo)
        .map(declared),
    close: (owner, decide) => closing(owner, decide, (found) => found.month.closed === null),
    closeAnew: (owner, decide) => closing(owner, decide, () => true),
  }
}
