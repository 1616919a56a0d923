import type { OversightDocument } from '@varco/policy'
import type { Finding } from '../alerts/alert.ts'
import type { WatchedTicket } from '../facts/ticket-facts.ts'

const DAY_US = 86_400_000_000

/**
 * Runs of tickets about one data subject for one purpose, each opened within the rule's days of the first: paid per ticket,
 * one contact becomes several. The contract's doing, no operator's.
 * @param tickets oldest first
 */
export function splitTickets(
  tickets: readonly WatchedTicket[],
  { enabled, at_least: least, within_days: days }: OversightDocument['alerts']['ticket-splitting'],
): readonly Finding[] {
  if (!enabled) return []
  const findings: Finding[] = []
  for (const run of runsOf(tickets, days * DAY_US)) {
    const [first, last] = [run[0], run.at(-1)]
    if (first === undefined || last === undefined || run.length < least) continue
    findings.push({
      key: `ticket-splitting|${first.contract}|${first.id}`,
      rule: 'ticket-splitting',
      operator: null,
      contract: first.contract,
      facts: [
        {
          code: 'tickets-split',
          purpose: first.purpose,
          tickets: run.map(({ id }) => id),
          days: Math.max(1, Math.ceil((last.openedAt - first.openedAt) / DAY_US)),
        },
      ],
      events: [],
      eventCount: run.length,
      firstAt: BigInt(first.openedAt),
      lastAt: BigInt(last.openedAt),
    })
  }
  return findings
}

function* runsOf(tickets: readonly WatchedTicket[], within: number): Generator<readonly WatchedTicket[]> {
  const open = new Map<string, WatchedTicket[]>()
  for (const ticket of tickets) {
    const [subject] = ticket.subjects
    if (subject === undefined || ticket.contract === null) continue
    const key = `${ticket.contract}|${ticket.purpose}|${subject}`
    const run = open.get(key)
    const first = run?.[0]
    if (run !== undefined && first !== undefined && ticket.openedAt - first.openedAt <= within) {
      run.push(ticket)
      continue
    }
    if (run !== undefined) yield run
    open.set(key, [ticket])
  }
  yield* open.values()
}
