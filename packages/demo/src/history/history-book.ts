import type { EventDraft } from '@varco/access-log'
import { asId, type ContractId, type Micros } from '@varco/core'
import type { Ticket } from '@varco/engagement'
import { isoDay, type Day } from '../sample/day.ts'
import type { SampleOperator } from '../sample/sample-operators.ts'
import { LOOK_UPS, pastEvent, type LookUp } from './past-work.ts'

/** Something that happened, when, and who wrote it down. */
export interface PastEntry {
  readonly at: Micros
  readonly by: SampleOperator
  readonly draft: EventDraft
}

const MICROS_PER_MINUTE = 60_000_000n
const ROME_MINUTES = 60

/** Gathers what is to have happened: accesses and tickets, in any order. */
export class HistoryBook {
  readonly entries: PastEntry[] = []
  readonly tickets: Ticket[] = []
  readonly #numbers = new Map<Day, number>()

  /** Local minutes of the day; Rome's summer time is not looked at, for an hour more or less stays within the shift. */
  at(day: Day, minute: number): Micros {
    return BigInt(Math.round((day * 1_440 + minute - ROME_MINUTES) * 60)) * 1_000_000n
  }

  ticket(ticket: {
    readonly day: Day
    readonly minute: number
    readonly contract: ContractId | null
    /** `null`: a matter of nobody in particular. */
    readonly about: string | null
    readonly purpose: string
    /** Minutes; `null`: never closed. */
    readonly lasts: number | null
  }): Ticket {
    const number = (this.#numbers.get(ticket.day) ?? 0) + 1
    this.#numbers.set(ticket.day, number)
    const openedAt = this.at(ticket.day, ticket.minute)
    const made: Ticket = {
      id: asId(`H-${isoDay(ticket.day).replaceAll('-', '')}-${String(number).padStart(4, '0')}`),
      contract: ticket.contract,
      dataSubject: ticket.about,
      purpose: asId(ticket.purpose),
      status: ticket.lasts === null ? 'open' : 'closed',
      openedAt,
      closedAt:
        ticket.lasts === null ? null : openedAt + BigInt(Math.round(ticket.lasts)) * MICROS_PER_MINUTE,
    }
    this.tickets.push(made)
    return made
  }

  access(access: {
    readonly day: Day
    readonly minute: number
    readonly by: SampleOperator
    readonly purpose: string
    readonly ticket: string | null
    readonly shown: readonly string[]
    readonly refused?: string
    readonly step?: number
    readonly workstation?: string
  }): void {
    const { day, minute, by, purpose, ticket, shown, refused, step = 0, workstation } = access
    const steps = LOOK_UPS[purpose]
    // INVARIANT: the history knows the purposes it speaks of.
    const lookUp = (steps?.[step % steps.length] ?? steps?.[0]) as LookUp
    this.entries.push({
      at: this.at(day, minute),
      by,
      draft: pastEvent({
        number: this.entries.length,
        ...{ by, purpose, ticket, lookUp, shown },
        ...(refused === undefined ? {} : { refused }),
        ...(workstation === undefined ? {} : { workstation }),
      }),
    })
  }
}
