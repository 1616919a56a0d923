import { Temporal } from 'temporal-polyfill'

/** How long a record stays, counted from its trigger. */
export interface Term {
  /** ISO 8601, in years, months and days. */
  readonly after: string
  readonly align: 'month-end' | 'year-end' | null
  /** A floor that would end on a day that does not exist ends on the next one; a ceiling on the one before. */
  readonly bound: 'floor' | 'ceiling'
}

/**
 * The last day of a term. The whole period is added to the trigger at once: 31 January and three times a month is not
 * 31 January and three months.
 */
export function lastDay(trigger: Temporal.PlainDate, { after, align, bound }: Term): Temporal.PlainDate {
  const { years, months, days } = Temporal.Duration.from(after)
  const constrained = trigger.add({ years, months })
  const shortened = constrained.day < trigger.day
  const reached = (bound === 'floor' && shortened ? constrained.add({ days: 1 }) : constrained).add({ days })
  switch (align) {
    case null:
      return reached
    case 'month-end':
      return reached.with({ day: reached.daysInMonth })
    case 'year-end':
      return reached.with({ month: 12, day: 31 })
  }
}

/** From the day after its last day a term is over. */
export function isOver(trigger: Temporal.PlainDate, term: Term, today: Temporal.PlainDate): boolean {
  return Temporal.PlainDate.compare(lastDay(trigger, term), today) < 0
}

/** Enough to reach, from today less the period, over any alignment and any shortened month. */
const SLACK_DAYS = 800

/**
 * The latest trigger whose term is over. INVARIANT: `lastDay` never steps back as the trigger goes on, so that a term is
 * over exactly for the triggers up to this day: SQL then compares the column alone, and an index serves.
 */
export function latestTrigger(term: Term, today: Temporal.PlainDate): Temporal.PlainDate {
  let over = today.subtract(term.after).subtract({ days: SLACK_DAYS })
  let running = today.add({ days: 1 })
  while (over.until(running, { largestUnit: 'days' }).days > 1) {
    const middle = over.add({ days: Math.floor(over.until(running, { largestUnit: 'days' }).days / 2) })
    if (isOver(middle, term, today)) over = middle
    else running = middle
  }
  return over
}
