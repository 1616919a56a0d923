import { isId, type ContractId, type Micros, type ProcessorId } from '@varco/core'
import type { CompromisedBy } from '@varco/reports'
import { Temporal } from 'temporal-polyfill'
import type { SentForm } from '../act/confirmed.ts'
import type { Visit } from '../visit/visit.ts'
import type { OrderField } from './order-fields.ts'
import type { BreachOrder } from './report-maker.ts'
import { readPeriod } from './report-period.ts'

const MOST_CHARS = 2_000

/** What may be known of a breach; each is either right or not told. */
const KNOWN = {
  operator: 'operator',
  company: 'processor',
  contract: 'contract',
  workstation: 'workstation',
  node: 'node',
  ticket: 'ticket',
  grant: 'grant',
  request: 'requestId',
} as const satisfies Partial<Record<OrderField, keyof CompromisedBy>>
type Known = keyof typeof KNOWN

/** The breach a form describes, or the fields that are wrong. */
export function readBreach(visit: Visit, form: SentForm): BreachOrder | OrderField[] {
  const { bundle, now } = visit
  const text = (field: OrderField): string => (form[field] ?? '').trim()
  const isLong = (field: OrderField): boolean => text(field).length > MOST_CHARS
  const period = readPeriod(visit, form)
  const awareAt = readMinute(text('aware'), bundle.document.varco.time_zone)
  const told = (Object.keys(KNOWN) as Known[]).filter((field) => text(field) !== '')
  const isRight = (field: Known): boolean => {
    if (field === 'company') return bundle.processors.has(text(field) as ProcessorId)
    if (field === 'contract') return bundle.contracts.has(text(field) as ContractId)
    return isId(text(field))
  }
  const wrong: OrderField[] = [
    ...(['reference', 'description'] as const).filter((field) => text(field) === '' || isLong(field)),
    ...(awareAt === null || awareAt > now || (!Array.isArray(period) && awareAt < period.from)
      ? (['aware'] as const)
      : []),
    ...(Array.isArray(period) ? period : []),
    ...told.filter((field) => !isRight(field)),
    ...(['consequences', 'measures'] as const).filter(isLong),
  ]
  if (wrong.length > 0 || Array.isArray(period) || awareAt === null) return wrong
  return {
    reference: text('reference'),
    description: text('description'),
    awareAt,
    compromised: { ...period, ...Object.fromEntries(told.map((field) => [KNOWN[field], text(field)])) },
    ...(text('consequences') === '' ? {} : { consequences: text('consequences') }),
    ...(text('measures') === '' ? {} : { measures: text('measures') }),
    withPeople: form['format'] === 'csv',
  }
}

/** A minute by the clocks where the body is; one that the clocks skip or repeat is the earlier. */
function readMinute(value: string, timeZone: string): Micros | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(value)) return null
  try {
    const local = Temporal.PlainDateTime.from(value)
    return local.toZonedDateTime(timeZone, { disambiguation: 'earlier' }).epochNanoseconds / 1_000n
  } catch {
    return null
  }
}
