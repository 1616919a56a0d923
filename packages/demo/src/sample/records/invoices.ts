import { firstDayOf, isoDay, quarterName, quarterOf, type Day, type Quarter } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import type { Plant } from './plants.ts'

export interface InvoiceRow {
  readonly invoice_id: string
  readonly number: string
  readonly producer_id: string
  readonly plant_id: string
  readonly period: string
  readonly issued_on: string
  readonly due_on: string
  readonly paid_on: string | null
  readonly status: InvoiceStatus
  readonly amount: string
  readonly vat_amount: string
  readonly energy_kwh: number
  readonly payee: string
  readonly tax_code: string
  readonly iban: string
  readonly payment_reference: string | null
  readonly suspension_reason: string | null
  readonly segregated: boolean
  readonly last_entry_on: string
}

type InvoiceStatus = 'issued' | 'paid' | 'disputed' | 'suspended' | 'cancelled'

/** Of each plant the last quarters, and some of the fourteen years before: old ones wait for their disposition. */
export function* invoices(plants: readonly Plant[], seed: string, today: Day): Generator<InvoiceRow> {
  const random = randomFrom(seed, 'invoices')
  let serial = 0
  for (const plant of plants) {
    for (const quarter of quartersOf(plant, random, today)) {
      serial += 1
      yield invoiceRow({ plant, quarter, serial, today, random })
    }
  }
}

function quartersOf({ commissioned }: Plant, random: Random, today: Day): readonly Quarter[] {
  const first = quarterOf(commissioned) + 1
  const last = quarterOf(today) - 1
  const older = Array.from({ length: random.int(0, 4) }, () => random.int(first, last))
  return [...new Set([...older, last - 1, last])].toSorted((a, b) => a - b)
}

interface InvoiceFacts {
  readonly plant: Plant
  readonly quarter: Quarter
  readonly serial: number
  readonly today: Day
  readonly random: Random
}

function invoiceRow({ plant: { row, producer }, quarter, serial, today, random }: InvoiceFacts): InvoiceRow {
  const issued = Math.min(firstDayOf(quarter + 1) + random.int(12, 28), today)
  const due = issued + 30
  const status = statusOf(quarter, due, today, random)
  const paid = status === 'paid' ? Math.min(due + random.int(-4, 9), today) : null
  const energy = Math.round(Number(row.power_kw) * random.int(180, 420))
  const amount = (energy * random.int(120, 310)) / 1_000
  return {
    invoice_id: `FAT-${String(serial).padStart(7, '0')}`,
    number: `${isoDay(issued).slice(0, 4)}/${String(1_000_000 + serial)}`,
    producer_id: row.producer_id,
    plant_id: row.plant_id,
    period: quarterName(quarter),
    issued_on: isoDay(issued),
    due_on: isoDay(due),
    paid_on: paid === null ? null : isoDay(paid),
    status,
    amount: amount.toFixed(2),
    vat_amount: (producer.kind === 'firm' ? amount * 0.1 : 0).toFixed(2),
    energy_kwh: energy,
    payee: producer.company_name ?? `${producer.name ?? ''} ${producer.surname ?? ''}`,
    tax_code: producer.tax_code,
    iban: producer.iban,
    payment_reference: paid === null ? null : `CRO${random.digits(11)}`,
    suspension_reason: status === 'suspended' ? random.pick(SUSPENSIONS) : null,
    segregated: row.segregated,
    last_entry_on: isoDay(paid ?? issued),
  }
}

/** The last quarter's is never cancelled: whoever asks has one invoice to ask about. */
function statusOf(quarter: Quarter, due: Day, today: Day, random: Random): InvoiceStatus {
  if (quarter === quarterOf(today) - 1 || due + 5 > today) {
    return random.weighted([
      ['issued', 68],
      ['paid', 30],
      ['disputed', 2],
    ])
  }
  return random.weighted([
    ['paid', 960],
    ['disputed', 12],
    ['suspended', 8],
    ['cancelled', 20],
  ])
}

const SUSPENSIONS = [
  'Pignoramento presso terzi.',
  'Verifica antimafia in corso.',
  'Fermo amministrativo.',
  'Sequestro conservativo.',
] as const
