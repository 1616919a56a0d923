import type { Alert } from '../alerts/alert.ts'
import type { AlertStore } from '../alerts/alert-store.ts'
import { mergeFinding, type KeptAlert } from '../alerts/merge-finding.ts'
import { packDay, unpackDay, type OperatorDay, type StoredProfile } from '../watch/operator-day.ts'
import type { WatchState, WatchStore } from '../watch/watch-store.ts'

interface KeptDay {
  readonly day: Pick<OperatorDay, 'operator' | 'day' | 'contract' | 'role' | 'unit'>
  readonly profile: StoredProfile
}

/** The double of the store: keeps what the real one keeps, and gives nothing out that could be changed from outside. */
export function memoryOversightStore(): WatchStore & AlertStore {
  let state: Omit<WatchState, 'days'> = { version: 0, position: [], ticketsTo: 0, refusals: [] }
  const days = new Map<string, KeptDay>()
  const kept = new Map<string, KeptAlert>()
  const keys = new Map<string, string>()
  const all = (): readonly Alert[] =>
    [...kept.values()]
      .map(({ alert }) => alert)
      .sort((a, b) => (a.raisedAt === b.raisedAt ? (a.id < b.id ? -1 : 1) : a.raisedAt > b.raisedAt ? -1 : 1))
  const byId = (id: string): [string, KeptAlert] | undefined =>
    [...kept].find(([, { alert }]) => alert.id === id)
  return {
    load: async (lookBack) => {
      const last = Math.max(...[...days.values()].map(({ day }) => day.day))
      const wanted = [...days.values()].filter(({ day }) => day.day >= last - lookBack)
      return structuredClone({ ...state, days: wanted.map(({ day, profile }) => unpackDay(day, profile)) })
    },
    commit: async (commit) => {
      if (commit.base !== state.version) return 'superseded'
      const { position, ticketsTo, refusals } = structuredClone(commit)
      state = { version: commit.base + 1, position, ticketsTo, refusals }
      for (const day of commit.days)
        days.set(`${day.operator}|${day.day}`, { day, profile: structuredClone(packDay(day)) })
      for (const [key, { day }] of days) if (day.day < commit.forgetBefore) days.delete(key)
      for (const finding of commit.findings) {
        const generations = [...kept.values()].filter(({ alert }) => keys.get(alert.id) === finding.key)
        const last = generations.toSorted((a, b) => b.generation - a.generation)[0] ?? null
        const merged = mergeFinding(last, finding, commit.now)
        if (merged === null) continue
        keys.set(merged.alert.id, finding.key)
        kept.set(merged.alert.id, merged)
      }
      return 'committed'
    },
    alerts: async ({ state: wanted, rule, operator, contract, raisedFrom, after, limit }) =>
      all()
        .filter(
          (alert) =>
            (wanted === undefined || alert.state === wanted) &&
            (rule === undefined || alert.rule === rule) &&
            (operator === undefined || alert.operator === operator) &&
            (contract === undefined || alert.contract === contract) &&
            (raisedFrom === undefined || alert.raisedAt >= raisedFrom),
        )
        .filter(after === undefined ? () => true : comesAfter(after))
        .slice(0, limit),
    alert: async (id) => byId(id)?.[1].alert ?? null,
    alertCounts: async (raised) => {
      const within = ({ raisedAt }: Alert): boolean =>
        raised === undefined || (raisedAt >= raised.from && raisedAt < raised.to)
      const count = (wanted: Alert['state']): number =>
        all().filter((alert) => alert.state === wanted && within(alert)).length
      return { open: count('open'), explained: count('explained'), confirmed: count('confirmed') }
    },
    decideAlert: async (id, decided, decision) => {
      const found = byId(id)
      if (found === undefined || found[1].alert.state !== 'open') return false
      kept.set(found[0], { ...found[1], alert: { ...found[1].alert, state: decided, decision } })
      return true
    },
    addContest: async (id, contest) => {
      const found = byId(id)
      if (found === undefined) return
      const { alert } = found[1]
      kept.set(found[0], { ...found[1], alert: { ...alert, contests: [...alert.contests, contest] } })
    },
  }
}

/** Whether an alert of a list comes behind the one of this id; behind one that is not there comes none. */
function comesAfter(id: string): (alert: Alert) => boolean {
  let passed = false
  return (alert) => {
    const comes = passed
    passed ||= alert.id === id
    return comes
  }
}
