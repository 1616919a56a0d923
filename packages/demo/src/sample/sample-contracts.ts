import { asId, type ContractId, type Micros, type ProcessorId } from '@varco/core'
import type { ContractState } from '@varco/engagement'
import { instant } from './day.ts'

/** One of the three contracts, as `policies/processors/` has it. */
export interface SampleContract {
  readonly id: ContractId
  readonly processor: ProcessorId
  readonly issuer: string
  /** Start of each pseudonym given under it. */
  readonly prefix: string
  /** Inclusive. */
  readonly from: Micros
  /** Exclusive: midnight in Rome after the last day. */
  readonly to: Micros
  readonly state: ContractState['state']
  /** When that state took effect. */
  readonly since: Micros
  /** Tickets a working day brings, and what they are about. */
  readonly ticketsPerDay: number
  readonly enquiries: readonly [readonly [string, number], ...(readonly [string, number])[]]
}

export const BODY_ISSUER = 'https://login.gse.example'

export const ZEFIRANZA: SampleContract = {
  id: asId('zefiranza-2018'),
  processor: asId('zefiranza'),
  issuer: 'https://login.zefiranza.example',
  prefix: 'ZEF',
  from: instant('2018-07-01T00:00:00+02:00'),
  to: instant('2022-07-01T00:00:00+02:00'),
  state: 'closed',
  since: instant('2022-09-12T09:00:00+02:00'),
  ticketsPerDay: 5,
  enquiries: [
    ['invoice-enquiry', 45],
    ['practice-status', 35],
    ['portal-support', 20],
  ],
}

/** Insolvent before its end, and left with tickets open. */
export const BRUMALBA: SampleContract = {
  id: asId('brumalba-2022'),
  processor: asId('brumalba'),
  issuer: 'https://login.brumalba.example',
  prefix: 'BRU',
  from: instant('2022-07-01T00:00:00+02:00'),
  to: instant('2026-01-01T00:00:00+01:00'),
  state: 'insolvent',
  since: instant('2025-10-15T09:00:00+02:00'),
  ticketsPerDay: 8,
  enquiries: [
    ['invoice-enquiry', 40],
    ['practice-status', 25],
    ['portal-support', 18],
    ['meter-reading-enquiry', 12],
    ['complaint-handling', 5],
  ],
}

export const AURISPOLA: SampleContract = {
  id: asId('aurispola-2026'),
  processor: asId('aurispola'),
  issuer: 'https://login.aurispola.example',
  prefix: 'AUR',
  from: instant('2026-01-01T00:00:00+01:00'),
  to: instant('2029-07-01T00:00:00+02:00'),
  state: 'active',
  since: instant('2026-01-01T00:00:00+01:00'),
  ticketsPerDay: 40,
  enquiries: [
    ['invoice-enquiry', 38],
    ['practice-status', 22],
    ['portal-support', 16],
    ['meter-reading-enquiry', 12],
    ['antimafia-status', 6],
    ['complaint-handling', 6],
  ],
}

/** In the order in which they followed one another. */
export const SAMPLE_CONTRACTS = [ZEFIRANZA, BRUMALBA, AURISPOLA] as const
