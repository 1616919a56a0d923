import type { CastTicket } from './day-cast.ts'
import { denied, notAvailable, permitted, unauthenticated, type RequestDraft } from './request-draft.ts'

/** What goes wrong at a contact centre, by drift, haste, curiosity or malice; each with the refusal the policy means. */
export interface TrespassScene {
  /** The operator's open ticket for `invoice-enquiry`, which would have been enough for the honest question. */
  readonly ticket: CastTicket
  /** A closed ticket of the same contract and purpose. */
  readonly closed: CastTicket
  /** Somebody the ticket is not about. */
  readonly stranger: string
}

export type Trespass = (scene: TrespassScene) => RequestDraft

/** Work the contractor was asked to do on the side, though no annex names it. */
const drift =
  (purpose: string, resource: string, select: string): Trespass =>
  ({ ticket }) => ({
    kind: `drift to ${purpose}`,
    resource,
    query: { producer_id: `eq.${ticket.dataSubject}`, select },
    purpose,
    ticket: ticket.id,
    // Asked on the telephone by a unit of the body, against the contract: the report will show by which.
    instructedBy: UNIT_IN_CHARGE[purpose] ?? 'customer-relations',
    expect: denied('outside-annex'),
  })

const UNIT_IN_CHARGE: Readonly<Record<string, string>> = {
  'antimafia-evaluation': 'antimafia',
  'practice-evaluation': 'photovoltaic',
  'invoice-correction': 'invoicing',
  'meter-data-management': 'metering',
}

/** The honest question, with one thing changed. */
const honest = ({ ticket }: TrespassScene, change: Partial<RequestDraft>): RequestDraft => ({
  kind: 'invoice-enquiry',
  resource: 'invoice',
  query: { producer_id: `eq.${ticket.dataSubject}`, select: 'number,period,amount,status' },
  purpose: 'invoice-enquiry',
  ticket: ticket.id,
  expect: permitted(),
  ...change,
})

const without = (draft: RequestDraft, part: 'purpose' | 'ticket'): RequestDraft => {
  const { [part]: _gone, ...rest } = draft
  return rest
}

export const TRESPASSES: readonly [Trespass, ...Trespass[]] = [
  drift('antimafia-evaluation', 'antimafia_check', 'status,outcome,persons_checked'),
  drift('practice-evaluation', 'photovoltaic_practice', 'practice_id,status,officer_notes'),
  drift('invoice-correction', 'invoice', 'number,amount,iban'),
  drift('meter-data-management', 'meter_reading', 'pod,energy_fed_kwh,message'),
  ({ ticket }) => ({
    kind: 'drift to trade-fair-contact',
    resource: 'fair_lead',
    query: { select: 'name,surname,email', limit: '50' },
    purpose: 'trade-fair-contact',
    ticket: ticket.id,
    instructedBy: 'customer-relations',
    // No rule opens the leads to a contractor: to it they do not exist, and the log knows it was drift.
    expect: notAvailable(404, 'unknown-resource'),
  }),
  (scene) => without(honest(scene, { kind: 'no purpose', expect: denied('no-purpose') }), 'purpose'),
  (scene) =>
    honest(scene, { kind: 'unknown purpose', purpose: 'curiosity', expect: denied('unknown-purpose') }),
  (scene) => without(honest(scene, { kind: 'no ticket', expect: denied('no-ticket') }), 'ticket'),
  (scene) =>
    honest(scene, { kind: 'unknown ticket', ticket: 'T-0000-INVENTED', expect: denied('unknown-ticket') }),
  (scene) =>
    honest(scene, {
      kind: 'closed ticket',
      ticket: scene.closed.id,
      query: { producer_id: `eq.${scene.closed.dataSubject}`, select: 'number,status' },
      expect: denied('ticket-closed'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'ticket for another purpose',
      resource: 'portal_account',
      query: { producer_id: `eq.${scene.ticket.dataSubject}`, select: 'status' },
      purpose: 'portal-support',
      expect: denied('ticket-other-purpose'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'somebody else’s records',
      query: { producer_id: `eq.${scene.stranger}`, select: 'number,amount' },
      expect: permitted([], { records: 'none' }),
    }),
  (scene) =>
    honest(scene, {
      kind: 'record of no use to the task',
      resource: 'complaint',
      query: { producer_id: `eq.${scene.ticket.dataSubject}`, select: 'text' },
      expect: denied('no-rule'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'hidden field',
      query: { producer_id: `eq.${scene.ticket.dataSubject}`, select: 'number,suspension_reason' },
      expect: notAvailable(400, 'field-not-available'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'field that does not exist',
      query: { producer_id: `eq.${scene.ticket.dataSubject}`, select: 'number,mobile_phone' },
      expect: notAvailable(400, 'field-not-available'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'filter on a masked field',
      query: { iban: 'like.*0001', select: 'number' },
      expect: notAvailable(400, 'field-not-plain'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'order by a masked field',
      query: { select: 'number', order: 'iban.asc' },
      expect: notAvailable(400, 'field-not-plain'),
    }),
  (scene) =>
    honest(scene, {
      kind: 'unknown resource',
      resource: 'employee',
      query: { select: '*' },
      expect: notAvailable(404, 'unknown-resource'),
    }),
  (scene) => honest(scene, { kind: 'no token', credential: 'none', expect: unauthenticated('no-token') }),
  (scene) =>
    honest(scene, { kind: 'forged token', credential: 'forged', expect: unauthenticated('invalid-token') }),
]
