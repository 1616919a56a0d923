import { hash } from 'node:crypto'
import type { Micros } from '@varco/core'
import { MAX_EVIDENCE, MAX_FACTS, type Alert, type Finding } from './alert.ts'
import type { Fact } from './fact.ts'

/** An alert and how many there have been under its key. */
export interface KeptAlert {
  readonly generation: number
  readonly alert: Alert
}

/**
 * What a finding makes of the last alert under its key: a new one, more evidence for the open one, or nothing. Whoever has
 * been answered and goes on gets another alert: an answer explains what was, never what comes.
 */
export function mergeFinding(kept: KeptAlert | null, finding: Finding, now: Micros): KeptAlert | null {
  if (kept === null) return raise(finding, 1, now)
  const { alert, generation } = kept
  if (finding.lastAt <= alert.lastAt && finding.eventCount <= alert.eventCount) return null
  if (alert.state !== 'open')
    return finding.lastAt > alert.lastAt ? raise(finding, generation + 1, now) : null
  return {
    generation,
    alert: {
      ...alert,
      facts: mergeFacts(alert.facts, finding.facts),
      events: [...new Set([...alert.events, ...finding.events])].slice(0, MAX_EVIDENCE),
      eventCount: Math.max(alert.eventCount, finding.eventCount),
      firstAt: finding.firstAt < alert.firstAt ? finding.firstAt : alert.firstAt,
      lastAt: finding.lastAt > alert.lastAt ? finding.lastAt : alert.lastAt,
    },
  }
}

function raise(finding: Finding, generation: number, now: Micros): KeptAlert {
  const { key, rule, operator, contract, facts, events, eventCount, firstAt, lastAt } = finding
  const id = `A-${hash('sha256', `${key}\0${generation}`, 'hex').slice(0, 16)}`
  return {
    generation,
    alert: {
      ...{ id, rule, operator, contract, eventCount, firstAt, lastAt, raisedAt: now },
      facts: mergeFacts([], facts),
      events: events.slice(0, MAX_EVIDENCE),
      state: 'open',
      decision: null,
      contests: [],
    },
  }
}

/** Counts are of now: the newer one takes the place of the older. */
const COUNTS: ReadonlySet<Fact['code']> = new Set([
  'so-many',
  'people-in-a-day',
  'people-over-time',
  'tickets-split',
])

/** What happened comes first, how often last; of each, whatever the order it was learnt in. */
function mergeFacts(before: readonly Fact[], after: readonly Fact[]): readonly Fact[] {
  const isCount = ({ code }: Fact): boolean => COUNTS.has(code)
  const renewed = new Set(after.map(({ code }) => code))
  const counts = [
    ...before.filter((fact) => isCount(fact) && !renewed.has(fact.code)),
    ...after.filter(isCount),
  ]
  const others = [...before, ...after].filter((fact) => !isCount(fact))
  const unique = new Map([...others, ...counts].map((fact) => [JSON.stringify(fact), fact]))
  return [...unique.values()].slice(0, MAX_FACTS)
}
