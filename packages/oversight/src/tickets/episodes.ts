import type { TicketFigure } from '../watch/work-figures.ts'

/** Contacts of one data subject on one topic that follow on each other: one matter, however many tickets were made of it. */
export interface Episode {
  readonly purpose: string
  readonly tickets: readonly TicketFigure[]
  /** Closed, and nothing came after within the days that belong to it. */
  readonly resolved: boolean
  /** Minutes from the first opening to the last closing; `null` while unresolved. */
  readonly minutes: number | null
}

const DAY_US = 86_400_000_000
const MINUTE_US = 60_000_000

/**
 * Puts tickets together that are about the same data subject and topic, each opened within so many days of the one before.
 * A ticket about nobody in particular is a matter of its own.
 * @param tickets oldest first
 */
export function episodesOf(tickets: readonly TicketFigure[], days: number): readonly Episode[] {
  const open = new Map<string, TicketFigure[]>()
  const runs: TicketFigure[][] = []
  for (const ticket of tickets) {
    const key = `${ticket.purpose}|${ticket.dataSubject ?? ticket.id}`
    const run = open.get(key)
    const last = run?.at(-1)
    if (run !== undefined && last !== undefined && ticket.openedAt - last.openedAt <= days * DAY_US) {
      run.push(ticket)
      continue
    }
    const begun = [ticket]
    open.set(key, begun)
    runs.push(begun)
  }
  return runs.map(episode)
}

function episode(tickets: readonly TicketFigure[]): Episode {
  const first = tickets[0]
  const resolved = tickets.every(({ closedAt }) => closedAt !== null)
  const closed = Math.max(...tickets.map(({ closedAt }) => closedAt ?? 0))
  return {
    purpose: first?.purpose ?? '',
    ...{ tickets, resolved },
    minutes: resolved && first !== undefined ? (closed - first.openedAt) / MINUTE_US : null,
  }
}
