import type { CastMember, CastTicket } from './day-cast.ts'
import { permitted, type RequestDraft } from './request-draft.ts'

/** What the body's own staff and the desk look up with no ticket: lists of their unit and their regions. */
export function listWork(member: CastMember): readonly RequestDraft[] {
  return LISTS.filter((list) => isFor(member, list)).map(({ draft }) => draft)
}

/** What the body's own staff look up about the person of an internal ticket. */
export function internalTicketWork(member: CastMember, ticket: CastTicket): readonly RequestDraft[] {
  return TICKETS.filter((work) => isFor(member, work) && work.purpose === ticket.purpose).map(
    ({ resource, query, masked }) => ({
      kind: ticket.purpose,
      resource,
      query: { producer_id: `eq.${ticket.dataSubject}`, ...query },
      purpose: ticket.purpose,
      ticket: ticket.id,
      expect: permitted(masked ?? []),
    }),
  )
}

/** The look-ups by which the body's staff meet one producer's records in the course of their own lists. */
export function aboutProducer(member: CastMember, producer: string): readonly RequestDraft[] {
  return listWork(member)
    .filter(({ resource }) => ABOUT_PRODUCERS.has(resource))
    .map((draft) => ({ ...draft, query: { ...draft.query, producer_id: `eq.${producer}` } }))
}

function isFor(member: CastMember, { role, unit }: { role: string; unit?: string }): boolean {
  return role === member.role && (unit === undefined || unit === member.unit)
}

/** Resources whose lists show, in plain, whose each record is. */
const ABOUT_PRODUCERS = new Set(['invoice', 'photovoltaic_practice', 'antimafia_check'])

const LISTS: readonly { role: string; unit?: string; draft: RequestDraft }[] = [
  {
    role: 'back-office.officer',
    unit: 'invoicing',
    draft: {
      kind: 'incentive-payment',
      resource: 'invoice',
      query: {
        status: 'in.(issued,suspended)',
        select: 'number,payee,iban,amount,tax_code,status',
        order: 'due_on.asc',
        limit: '10',
      },
      purpose: 'incentive-payment',
      expect: permitted(['tax_code']),
    },
  },
  {
    role: 'back-office.officer',
    unit: 'photovoltaic',
    draft: {
      kind: 'practice-evaluation',
      resource: 'photovoltaic_practice',
      query: {
        select: 'practice_id,producer_id,scheme,status,missing_documents,officer_notes',
        order: 'submitted_on.desc',
        limit: '5',
      },
      purpose: 'practice-evaluation',
      expect: permitted(),
    },
  },
  {
    role: 'back-office.officer',
    unit: 'metering',
    draft: {
      kind: 'meter-data-management',
      resource: 'meter_reading',
      query: {
        status: 'eq.to-verify',
        select: 'pod,period,energy_fed_kwh,producer_id,message',
        order: 'received_at.desc',
        limit: '10',
      },
      purpose: 'meter-data-management',
      expect: permitted(['producer_id']),
    },
  },
  {
    role: 'back-office.officer',
    unit: 'customer-relations',
    draft: {
      kind: 'complaint-handling',
      resource: 'complaint',
      query: { select: 'complaint_id,topic,text,status,due_on', order: 'due_on.asc', limit: '5' },
      purpose: 'complaint-handling',
      expect: permitted(),
    },
  },
  {
    role: 'antimafia.officer',
    draft: {
      kind: 'antimafia-evaluation',
      resource: 'antimafia_check',
      query: {
        select: 'check_id,status,prefecture,outcome,persons_checked',
        order: 'requested_on.desc',
        limit: '2',
      },
      purpose: 'antimafia-evaluation',
      expect: permitted(),
    },
  },
  {
    role: 'events.officer',
    draft: {
      kind: 'trade-fair-contact',
      resource: 'fair_lead',
      query: { select: 'name,surname,organisation,email,interests', order: 'collected_on.desc', limit: '10' },
      purpose: 'trade-fair-contact',
      expect: permitted(),
    },
  },
  {
    role: 'reception.host',
    draft: {
      kind: 'reception',
      resource: 'visitor',
      query: {
        left_at: 'is.null',
        select: 'name,surname,company,host,badge,document_number',
        order: 'arrived_at.desc',
        limit: '5',
      },
      purpose: 'reception',
      expect: permitted(['document_number']),
    },
  },
]

const TICKETS: readonly {
  role: string
  unit?: string
  purpose: string
  resource: string
  query: Readonly<Record<string, string>>
  masked?: readonly string[]
}[] = [
  {
    role: 'back-office.officer',
    unit: 'invoicing',
    purpose: 'invoice-correction',
    resource: 'invoice',
    query: { select: 'number,period,amount,payee,tax_code,iban,status', order: 'issued_on.desc', limit: '5' },
  },
  {
    role: 'back-office.officer',
    unit: 'invoicing',
    purpose: 'invoice-correction',
    resource: 'invoice_correction',
    query: { select: 'requested_on,reason,value_before,value_after,decided_by', limit: '5' },
    masked: ['decided_by'],
  },
  {
    role: 'dpo',
    purpose: 'subject-access',
    resource: 'producer',
    query: { select: 'name,surname,tax_code,address,email,phone,iban' },
  },
  {
    role: 'dpo',
    purpose: 'subject-access',
    resource: 'invoice',
    query: { select: 'number,period,amount,iban', limit: '20' },
  },
]
