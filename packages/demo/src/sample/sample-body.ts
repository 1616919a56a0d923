import type { DataSubjectRef } from '@varco/core'

/** Changes when the same seed would give other rows or columns. */
export const SAMPLE_VERSION = 1

export const SAMPLE_SEED = 'gse-2026'

/** Producers of the full sample; every other table follows from them. */
export const SAMPLE_PRODUCERS = 20_000

/** The traits of a producer that can be told from its place in the list, so that tickets need not load anybody. */
export interface ProducerTraits {
  readonly producerId: string
  readonly firm: boolean
  /** Kept from every contractor. */
  readonly segregated: boolean
  readonly complained: boolean
}

const CITIZEN = 42

export function producerTraits(index: number): ProducerTraits {
  return {
    producerId: producerIdOf(index),
    firm: index % 4 === 1,
    segregated: index % 97 === 13,
    complained: index % 8 === 2,
  }
}

export function producerIdOf(index: number): string {
  return `PRD-${String(index).padStart(6, '0')}`
}

/** A citizen whom many looked up: the one whose access report the demo writes. */
export const SAMPLE_CITIZEN: DataSubjectRef = { kind: 'producer', id: producerIdOf(CITIZEN) }
