import type { EventDraft } from '@varco/access-log'
import type { SampleOperator } from '../sample/sample-operators.ts'

/** What one kind of task looks up. */
export interface LookUp {
  readonly resource: string
  readonly plain: readonly string[]
  readonly masked: readonly string[]
  readonly rule: string
}

const CALLER: LookUp = {
  resource: 'producer',
  plain: ['name', 'surname', 'company_name'],
  masked: ['tax_code'],
  rule: 'cc-producer',
}

/** By purpose: what is looked at first, and then. */
export const LOOK_UPS: Readonly<Record<string, readonly [LookUp, ...LookUp[]]>> = {
  'invoice-enquiry': [
    CALLER,
    {
      resource: 'invoice',
      plain: ['number', 'period', 'amount', 'status'],
      masked: ['iban'],
      rule: 'cc-invoice-enquiry',
    },
  ],
  'practice-status': [
    CALLER,
    {
      resource: 'photovoltaic_practice',
      plain: ['practice_id', 'scheme', 'status'],
      masked: [],
      rule: 'cc-practice-status',
    },
  ],
  'portal-support': [
    CALLER,
    {
      resource: 'portal_account',
      plain: ['status', 'second_factor'],
      masked: ['username', 'email'],
      rule: 'cc-portal-support',
    },
  ],
  'meter-reading-enquiry': [
    CALLER,
    {
      resource: 'meter_reading',
      plain: ['period', 'kind', 'status'],
      masked: ['pod'],
      rule: 'cc-meter-reading-enquiry',
    },
  ],
  'antimafia-status': [
    CALLER,
    { resource: 'antimafia_check', plain: ['check_id', 'status'], masked: [], rule: 'cc-antimafia-status' },
  ],
  'complaint-handling': [
    CALLER,
    {
      resource: 'complaint',
      plain: ['topic', 'status', 'text', 'answer'],
      masked: [],
      rule: 'cc-complaint-handling',
    },
  ],
  'antimafia-evaluation': [
    {
      resource: 'antimafia_check',
      plain: ['check_id', 'status', 'outcome', 'findings'],
      masked: [],
      rule: 'am-evaluation',
    },
  ],
  'practice-evaluation': [
    {
      resource: 'photovoltaic_practice',
      plain: ['practice_id', 'status', 'officer_notes'],
      masked: [],
      rule: 'bo-practice-evaluation',
    },
  ],
  'invoice-correction': [
    { resource: 'invoice', plain: ['number', 'amount', 'iban'], masked: [], rule: 'bo-invoice-correction' },
  ],
  'incentive-payment': [
    {
      resource: 'invoice',
      plain: ['number', 'amount', 'payee', 'iban'],
      masked: ['tax_code'],
      rule: 'bo-incentive-payment',
    },
  ],
}

export interface PastAccess {
  readonly number: number
  readonly by: SampleOperator
  readonly purpose: string | null
  readonly ticket: string | null
  readonly lookUp: LookUp
  /** Producers whose records were shown; none where it was refused. */
  readonly shown: readonly string[]
  /** The reason, where it was refused. */
  readonly refused?: string
  readonly workstation?: string
}

const PROCESSORS: Readonly<Record<string, string>> = {
  'zefiranza-2018': 'zefiranza',
  'brumalba-2022': 'brumalba',
  'aurispola-2026': 'aurispola',
}

/** The entry the proxy would have made of it. */
export function pastEvent(access: PastAccess): EventDraft {
  const { number, by, purpose, ticket, lookUp, shown, refused } = access
  const permitted = refused === undefined
  return {
    kind: 'access',
    requestId: `past-${number}`,
    operator: by.pseudonym,
    processor: by.contract === null ? null : (PROCESSORS[by.contract] ?? null),
    contract: by.contract,
    role: by.role,
    unit: by.unit,
    workstation: access.workstation ?? by.workstation,
    instructedBy: null,
    purpose,
    ticket,
    grant: null,
    action: 'read',
    resource: lookUp.resource,
    filters: [],
    plain: permitted ? lookUp.plain : [],
    masked: permitted ? lookUp.masked : [],
    decision: permitted ? 'permit' : 'deny',
    reasons: [refused ?? 'permitted'],
    rules: permitted ? [lookUp.rule] : [],
    policyVersion: null,
    disclosures: shown.map((id, position) => ({
      resource: lookUp.resource,
      recordKey: `${lookUp.resource}-${id}-${position}`,
      dataSubject: { kind: 'producer', id },
    })),
    detail: null,
  }
}
