import type { Pseudonym } from '@varco/core'
import { dayFromIso, isoDay, type Day } from '../day.ts'
import { randomFrom, type Random } from '../random.ts'
import { iban } from '../tax-codes.ts'
import type { InvoiceRow } from './invoices.ts'

export interface InvoiceCorrectionRow {
  readonly correction_id: string
  readonly invoice_id: string
  readonly producer_id: string
  readonly requested_on: string
  readonly reason: string
  readonly field: 'amount' | 'iban' | 'energy_kwh'
  readonly value_before: string | null
  readonly value_after: string | null
  readonly amount_difference: string
  readonly status: 'requested' | 'done' | 'refused'
  readonly decided_on: string | null
  readonly decided_by: string | null
  readonly segregated: boolean
}

export interface CorrectionOptions {
  readonly seed: string
  readonly today: Day
  /** Who may decide one. */
  readonly officers: readonly [Pseudonym, ...Pseudonym[]]
}

/** One invoice in thirty has been questioned. */
export function* invoiceCorrections(
  invoices: Iterable<InvoiceRow>,
  options: CorrectionOptions,
): Generator<InvoiceCorrectionRow> {
  const random = randomFrom(options.seed, 'corrections')
  let serial = 0
  for (const invoice of invoices) {
    if (!random.chance(1 / 30)) continue
    serial += 1
    yield correctionRow(invoice, `RET-${String(serial).padStart(6, '0')}`, random, options)
  }
}

function correctionRow(
  invoice: InvoiceRow,
  correctionId: string,
  random: Random,
  options: CorrectionOptions,
): InvoiceCorrectionRow {
  const requested = Math.min(dayFromIso(invoice.issued_on) + random.int(3, 90), options.today)
  const decided = requested + random.int(5, 60)
  const isDecided = decided < options.today
  return {
    correction_id: correctionId,
    invoice_id: invoice.invoice_id,
    producer_id: invoice.producer_id,
    requested_on: isoDay(requested),
    ...correctedItem(invoice, random),
    status: isDecided
      ? random.weighted([
          ['done', 8],
          ['refused', 2],
        ])
      : 'requested',
    decided_on: isDecided ? isoDay(decided) : null,
    decided_by: isDecided ? random.pick(options.officers) : null,
    segregated: invoice.segregated,
  }
}

type CorrectedItem = Pick<
  InvoiceCorrectionRow,
  'field' | 'reason' | 'value_before' | 'value_after' | 'amount_difference'
>

function correctedItem(invoice: InvoiceRow, random: Random): CorrectedItem {
  return random.weighted([
    [wrongTariff, 4],
    [newAccount, 4],
    [newMeasure, 2],
  ])(invoice, random)
}

function wrongTariff(invoice: InvoiceRow, random: Random): CorrectedItem {
  const after = (Number(invoice.amount) * random.int(85, 118)) / 100
  return {
    field: 'amount',
    reason: 'Tariffa applicata errata',
    value_before: invoice.amount,
    value_after: after.toFixed(2),
    amount_difference: (after - Number(invoice.amount)).toFixed(2),
  }
}

function newAccount(invoice: InvoiceRow, random: Random): CorrectedItem {
  return {
    field: 'iban',
    reason: 'Conto comunicato dopo l’emissione',
    value_before: iban(random),
    value_after: invoice.iban,
    amount_difference: '0.00',
  }
}

function newMeasure(invoice: InvoiceRow, random: Random): CorrectedItem {
  const after = Math.round((invoice.energy_kwh * random.int(90, 112)) / 100)
  return {
    field: 'energy_kwh',
    reason: 'Misura rettificata dal gestore di rete',
    value_before: String(invoice.energy_kwh),
    value_after: String(after),
    amount_difference: ((after - invoice.energy_kwh) * 0.21).toFixed(2),
  }
}
