import type { ReportKind } from './report-maker.ts'

/** Fields that stand on the forms of documents. */
export type OrderField =
  | 'from'
  | 'to'
  | 'contract'
  | 'format'
  | 'reference'
  | 'description'
  | 'aware'
  | 'operator'
  | 'company'
  | 'ticket'
  | 'grant'
  | 'request'
  | 'node'
  | 'workstation'
  | 'consequences'
  | 'measures'

/** Those of each form, in its order; the format excepted, which all have. */
export const ORDER_FIELDS = {
  register: [],
  audit: ['from', 'to'],
  transparency: ['from', 'to'],
  tickets: ['from', 'to'],
  drift: ['contract', 'from', 'to'],
  exit: ['contract'],
  breach: [
    ...(['reference', 'description', 'aware', 'from', 'to'] as const),
    ...(['operator', 'company', 'contract', 'workstation', 'node', 'ticket', 'grant', 'request'] as const),
    ...(['consequences', 'measures'] as const),
  ],
} as const satisfies Readonly<Record<Exclude<ReportKind, 'subject'>, readonly OrderField[]>>

export type OrderedKind = keyof typeof ORDER_FIELDS
