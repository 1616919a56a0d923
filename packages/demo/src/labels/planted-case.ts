import type { Micros } from '@varco/core'

/** What sort of misbehaviour was planted; named as a person would, and answered by the rule of the same name. */
export const PLANTED_KINDS = [
  ...([
    'no-ticket',
    'ticket-of-another',
    'ticket-after-access',
    'self',
    'family',
    'colleague',
    'vip',
  ] as const),
  ...(['canary', 'after-termination', 'out-of-area', 'volume', 'breadth', 'retried-elsewhere'] as const),
  ...(['judicial-probing', 'off-hours', 'ticket-splitting'] as const),
] as const
export type PlantedKind = (typeof PLANTED_KINDS)[number]

/** What really happened, which nothing but a benchmark or a test may know. */
export interface PlantedCase {
  readonly kind: PlantedKind
  /** An honest near-miss: to be left alone. */
  readonly honest: boolean
  /** Pseudonym; `null` where it is the contract's doing. */
  readonly operator: string | null
  readonly contract: string | null
  /** The ticket it began with, where it is one of tickets. */
  readonly ticket?: string
  readonly from: Micros
  readonly to: Micros
}
