import { MICROS_PER_SECOND } from '@varco/core'

/** How far one clock may be ahead of another, in microseconds, before it must be wrong. */
export const MOST_CLOCK_LEAD = 60n * MICROS_PER_SECOND
