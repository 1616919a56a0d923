import type { ProcessorDocument } from '@varco/policy'
import type { Say } from './say.ts'

/** Countries of the European Economic Area: within it nothing is a transfer to a third country. */
const EEA = new Set(
  'AT BE BG HR CY CZ DK EE FI FR DE GR HU IS IE IT LV LI LT LU MT NL NO PL PT RO SK SI ES SE'.split(' '),
)

export interface Transfer {
  readonly recipient: string
  readonly country: string
  readonly safeguard: string | null
}

/** Recipients outside the European Economic Area and what protects the data there (GDPR Art. 45 to 49). */
export function transfersOf(processors: readonly ProcessorDocument[], say: Say): Transfer[] {
  return processors
    .flatMap((processor) => [processor, ...processor.sub_processors])
    .filter(({ country }) => !EEA.has(country))
    .map(({ name, country, safeguard }) => ({
      recipient: name,
      country,
      safeguard: safeguard === undefined ? null : say.of(safeguard),
    }))
}
