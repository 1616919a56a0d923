import { microsToIso, isoToMicros } from '@varco/core'
import { atMinute, dayOf, isoDay, type Day } from '../day.ts'
import { personName } from '../people.ts'
import { randomFrom, type Random } from '../random.ts'
import type { ProducerRow } from './producers.ts'

export interface PortalAccountRow {
  readonly account_id: string
  readonly producer_id: string
  readonly username: string
  readonly email: string
  readonly phone: string | null
  readonly status: 'active' | 'locked' | 'to-activate' | 'closed'
  readonly second_factor: boolean
  readonly failed_sign_ins: number
  readonly last_sign_in_at: string | null
  readonly last_address: string | null
  readonly delegates: readonly string[]
  readonly segregated: boolean
  readonly created_at: string
  readonly closed_on: string | null
}

/** One for each producer. */
export function* portalAccounts(
  producers: readonly ProducerRow[],
  seed: string,
  today: Day,
): Generator<PortalAccountRow> {
  const random = randomFrom(seed, 'accounts')
  for (const [index, producer] of producers.entries()) yield accountRow(producer, index, random, today)
}

function accountRow(producer: ProducerRow, index: number, random: Random, today: Day): PortalAccountRow {
  const status =
    producer.ceased_on === null
      ? random.weighted([
          ['active', 90],
          ['locked', 6],
          ['to-activate', 4],
        ])
      : 'closed'
  const created = dayOf(isoToMicros(producer.registered_at) ?? 0n)
  const lastSeen =
    status === 'active' || status === 'locked' ? today - Math.floor(random.next() ** 3 * 900) - 1 : null
  return {
    account_id: `GWA-${String(index).padStart(6, '0')}`,
    producer_id: producer.producer_id,
    username: producer.email.slice(0, producer.email.indexOf('@')),
    email: producer.email,
    phone: producer.phone,
    status,
    second_factor: random.chance(0.6),
    failed_sign_ins:
      status === 'locked'
        ? random.int(5, 9)
        : random.weighted([
            [0, 85],
            [1, 10],
            [2, 5],
          ]),
    last_sign_in_at: lastSeen === null ? null : microsToIso(atMinute(lastSeen, random.int(300, 1_380))),
    // A range for documentation (RFC 5737): it is nobody's address.
    last_address: lastSeen === null ? null : `203.0.113.${random.int(1, 254)}`,
    delegates: random.chance(0.15) ? [delegate(random)] : [],
    segregated: producer.segregated,
    created_at: microsToIso(atMinute(created, random.int(0, 1_439))),
    closed_on: status === 'closed' ? (producer.ceased_on ?? isoDay(today)) : null,
  }
}

function delegate(random: Random): string {
  const { name, surname } = personName(random)
  return `${name} ${surname}`
}
