import type { EventDraft, EventKind } from './event.ts'

/** The draft of an administrative act: everything that only an access has is left empty. */
export function actDraft(
  kind: EventKind,
  particulars: Pick<EventDraft, 'requestId'> & Partial<Omit<EventDraft, 'kind'>>,
): EventDraft {
  return {
    kind,
    operator: null,
    processor: null,
    contract: null,
    role: null,
    unit: null,
    workstation: null,
    instructedBy: null,
    purpose: null,
    ticket: null,
    grant: null,
    action: null,
    resource: null,
    filters: [],
    plain: [],
    masked: [],
    decision: null,
    reasons: [],
    rules: [],
    policyVersion: null,
    disclosures: [],
    detail: null,
    ...particulars,
  }
}
