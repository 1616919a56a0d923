import type { CastTicket } from './day-cast.ts'
import { permitted, type RequestDraft } from './request-draft.ts'

/** What an operator of the contact centre looks up to answer one open ticket, as the annex means it. */
export function contactCentreWork(ticket: CastTicket): readonly RequestDraft[] {
  return (WORK[ticket.purpose] ?? []).map(({ resource, query, masked, absent, mayBeEmpty }) => ({
    kind: ticket.purpose,
    resource,
    query: { producer_id: `eq.${ticket.dataSubject}`, ...query },
    purpose: ticket.purpose,
    ticket: ticket.id,
    expect: permitted(masked, {
      ...(absent === undefined ? {} : { absent }),
      records: mayBeEmpty === true ? 'any' : 'some',
    }),
  }))
}

interface LookUp {
  readonly resource: string
  readonly query: Readonly<Record<string, string>>
  readonly masked?: readonly string[]
  readonly absent?: readonly string[]
  /** Not everybody has called before, or has an invoice that the task shows. */
  readonly mayBeEmpty?: true
}

const CALLER: LookUp = {
  resource: 'producer',
  query: { select: 'name,surname,company_name,tax_code' },
  masked: ['tax_code'],
}
const PLANTS: LookUp = {
  resource: 'plant',
  query: { select: 'name,power_kw,municipality,pod', limit: '5' },
  masked: ['pod'],
}
const EARLIER_CONTACTS: LookUp = {
  resource: 'contact_note',
  query: { select: 'channel,topic,outcome,written_at', order: 'written_at.desc', limit: '5' },
  mayBeEmpty: true,
}

const WORK: Readonly<Record<string, readonly LookUp[]>> = {
  'invoice-enquiry': [
    CALLER,
    {
      resource: 'invoice',
      query: { select: 'number,period,amount,status,iban', order: 'issued_on.desc', limit: '5' },
      masked: ['iban'],
      mayBeEmpty: true,
    },
    {
      // No `select`: everything the task shows, and nothing else.
      resource: 'invoice',
      query: { status: 'in.(issued,disputed)', limit: '3' },
      masked: ['iban', 'tax_code', 'payee'],
      absent: ['suspension_reason', 'payment_reference', 'segregated'],
      mayBeEmpty: true,
    },
    PLANTS,
    EARLIER_CONTACTS,
  ],
  'practice-status': [
    CALLER,
    {
      resource: 'photovoltaic_practice',
      query: {
        select: 'practice_id,scheme,status,missing_documents,submitted_on',
        order: 'submitted_on.desc',
        limit: '5',
      },
    },
    PLANTS,
    EARLIER_CONTACTS,
  ],
  'portal-support': [
    CALLER,
    {
      resource: 'portal_account',
      query: { select: 'status,second_factor,failed_sign_ins,username,email,phone' },
      masked: ['username', 'email', 'phone'],
    },
  ],
  'meter-reading-enquiry': [
    CALLER,
    {
      resource: 'meter_reading',
      query: { select: 'period,kind,status,energy_fed_kwh,pod', order: 'period.desc', limit: '6' },
      masked: ['pod'],
    },
    PLANTS,
  ],
  'antimafia-status': [
    CALLER,
    { resource: 'antimafia_check', query: { select: 'check_id,practice_id,status', limit: '3' } },
  ],
  'complaint-handling': [
    CALLER,
    {
      resource: 'complaint',
      query: { select: 'topic,status,text,answer,due_on', order: 'received_on.desc', limit: '3' },
    },
  ],
}
