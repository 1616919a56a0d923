import type { CastMember, CastTicket } from './day-cast.ts'
import { denied, notAvailable, type RequestDraft } from './request-draft.ts'

/** What the body's own staff try beyond their task: the gate stands before them too. */
export function officerTrespasses(member: CastMember, ticket: CastTicket): readonly RequestDraft[] {
  return TRESPASSES.filter(
    ({ role, unit }) => role === member.role && (unit === undefined || unit === member.unit),
  ).map(({ draft }) => draft(ticket))
}

const TRESPASSES: readonly { role: string; unit?: string; draft: (ticket: CastTicket) => RequestDraft }[] = [
  {
    role: 'administrator',
    draft: ({ dataSubject }) => ({
      kind: 'the administrator looks',
      resource: 'producer',
      query: { producer_id: `eq.${dataSubject}`, select: 'name,surname' },
      purpose: 'audit',
      expect: notAvailable(404, 'unknown-resource'),
    }),
  },
  {
    role: 'back-office.officer',
    unit: 'photovoltaic',
    draft: ({ id, dataSubject }) => ({
      kind: 'antimafia without a grant',
      resource: 'antimafia_check',
      query: { producer_id: `eq.${dataSubject}`, select: 'status,released_on,valid_until' },
      purpose: 'antimafia-evaluation',
      ticket: id,
      expect: denied('no-grant'),
    }),
  },
  {
    role: 'back-office.officer',
    unit: 'metering',
    draft: ({ dataSubject }) => ({
      kind: 'whose readings are these',
      resource: 'meter_reading',
      query: { producer_id: `eq.${dataSubject}`, select: 'period,energy_fed_kwh' },
      purpose: 'meter-data-management',
      expect: notAvailable(400, 'field-not-plain'),
    }),
  },
  {
    role: 'back-office.officer',
    unit: 'invoicing',
    draft: ({ dataSubject }) => ({
      kind: 'the contact centre’s purpose',
      resource: 'invoice',
      query: { producer_id: `eq.${dataSubject}`, select: 'number,amount' },
      purpose: 'invoice-enquiry',
      expect: denied('no-rule'),
    }),
  },
]
