import type { Micros } from '@varco/core'
import { dayOf } from './day.ts'
import { loadPlaces } from './places.ts'
import { antimafiaChecks } from './records/antimafia-checks.ts'
import { complaints } from './records/complaints.ts'
import { contactNotes } from './records/contact-notes.ts'
import { fairLeads } from './records/fair-leads.ts'
import { invoiceCorrections } from './records/invoice-corrections.ts'
import { invoices } from './records/invoices.ts'
import { meterReadings } from './records/meter-readings.ts'
import { photovoltaicPractices } from './records/photovoltaic-practices.ts'
import { plants } from './records/plants.ts'
import { portalAccounts } from './records/portal-accounts.ts'
import { producerRows } from './records/producers.ts'
import { visitors } from './records/visitors.ts'
import { sampleOperators } from './sample-operators.ts'
import { ticketHistory } from './sample-tickets.ts'

/** One table of the body and its rows, made as they are read. The columns are the row's keys. */
export interface SampleTable {
  readonly name: string
  readonly rows: Iterable<object>
}

export interface SampleRecordsOptions {
  readonly now: Micros
  readonly seed: string
  /** How large the body is; every table follows. */
  readonly producers: number
}

/** All the body's tables, parents before children. The same options give the same rows. */
export async function sampleRecords({
  now,
  seed,
  producers: count,
}: SampleRecordsOptions): Promise<readonly SampleTable[]> {
  const places = await loadPlaces()
  const today = dayOf(now)
  const producers = producerRows({ count, today, seed, places })
  const park = plants(producers, seed, today)
  const practices = [...photovoltaicPractices(park, seed, today)]
  const practiceOf = new Map(practices.toReversed().map((practice) => [practice.producer_id, practice]))
  const officers = invoicingOfficers()
  return [
    { name: 'producer', rows: producers },
    { name: 'plant', rows: park.values().map(({ row }) => row) },
    { name: 'photovoltaic_practice', rows: practices },
    { name: 'antimafia_check', rows: antimafiaChecks(producers, practiceOf, { seed, today }) },
    { name: 'invoice', rows: invoices(park, seed, today) },
    {
      name: 'invoice_correction',
      rows: invoiceCorrections(invoices(park, seed, today), { seed, today, officers }),
    },
    { name: 'meter_reading', rows: meterReadings(park, seed, today) },
    { name: 'portal_account', rows: portalAccounts(producers, seed, today) },
    { name: 'contact_note', rows: contactNotes(ticketHistory(now, count), seed) },
    { name: 'complaint', rows: complaints(producers, seed, today) },
    { name: 'visitor', rows: visitors(count, seed, now) },
    { name: 'fair_lead', rows: fairLeads({ count: Math.ceil(count * 0.15), seed, today, places }) },
  ]
}

function invoicingOfficers(): Parameters<typeof invoiceCorrections>[1]['officers'] {
  const [first, ...others] = sampleOperators().filter(
    ({ contract, unit, role }) => contract === null && unit === 'invoicing' && role === 'back-office.officer',
  )
  if (first === undefined) throw new RangeError('no invoicing officers')
  return [first.pseudonym, ...others.map(({ pseudonym }) => pseudonym)]
}
