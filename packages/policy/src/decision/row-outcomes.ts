import type { FieldName } from '@varco/core'
import type { MaskName } from '../bundle/schema.ts'
import type { CompiledRule, RuleOutcome } from './compiled-rule.ts'
import type { Outcome, RecordOutcomes, RowOutcome } from './decision.ts'

const HIDDEN: RowOutcome = { outcome: 'hidden', mask: null }
const PLAIN: RowOutcome = { outcome: 'plain', mask: null }
const MASKED: Readonly<Record<MaskName, RowOutcome>> = {
  last4: { outcome: 'masked', mask: 'last4' },
  partial: { outcome: 'masked', mask: 'partial' },
  redact: { outcome: 'masked', mask: 'redact' },
  year: { outcome: 'masked', mask: 'year' },
  hmac: { outcome: 'masked', mask: 'hmac' },
}

/** Which rules fired on a row: a bit each; beyond 31 rules a text, for JavaScript's bits end there. */
export type Firing = number | string

/**
 * The outcome of each field, given which rules fired on a row. A row has one of few sets of firing rules,
 * so each set is worked out once.
 */
export class RowOutcomes {
  readonly #fields: readonly FieldName[]
  readonly #permits: readonly CompiledRule[]
  readonly #forbids: readonly CompiledRule[]
  /** By the firing's number: most plans have few rules, and a place in a list is found soonest. */
  readonly #few: (RecordOutcomes | null | undefined)[] = []
  readonly #known = new Map<Firing, RecordOutcomes | null>()

  constructor(
    fields: readonly FieldName[],
    permits: readonly CompiledRule[],
    forbids: readonly CompiledRule[],
  ) {
    this.#fields = fields
    this.#permits = permits
    this.#forbids = forbids
  }

  /** `null` when no permit fired, or a forbid that takes the whole record. */
  of(firing: Firing): RecordOutcomes | null {
    const known = typeof firing === 'number' && firing < FEW ? this.#few[firing] : this.#known.get(firing)
    return known === undefined ? this.#remember(firing, this.#work(firing)) : known
  }

  #remember(firing: Firing, outcomes: RecordOutcomes | null): RecordOutcomes | null {
    if (typeof firing === 'number' && firing < FEW) this.#few[firing] = outcomes
    else if (this.#known.size < MOST_REMEMBERED) this.#known.set(firing, outcomes)
    return outcomes
  }

  #work(firing: Firing): RecordOutcomes | null {
    const fired = (index: number): boolean =>
      typeof firing === 'number' ? (firing & (1 << index)) !== 0 : firing[index] === '1'
    const permits = this.#permits.filter((_, index) => fired(index))
    const forbids = this.#forbids.filter((_, index) => fired(this.#permits.length + index))
    if (permits.length === 0 || forbids.some((rule) => rule.wholeRecord)) return null
    return recordOutcomes(this.#fields.map((field) => [field, outcomeOf(field, permits, forbids)]))
  }
}

function recordOutcomes(fields: readonly (readonly [FieldName, RowOutcome])[]): RecordOutcomes {
  const having = (outcome: Outcome): readonly FieldName[] =>
    fields.filter(([, each]) => each.outcome === outcome).map(([field]) => field)
  return Object.assign(new Map(fields), { plain: having('plain'), masked: having('masked') })
}

const FEW = 32
const MOST_REMEMBERED = 4_096

/** Who fires together decides: hidden over masked over plain, and what no permit names is hidden. */
function outcomeOf(
  field: FieldName,
  permits: readonly CompiledRule[],
  forbids: readonly CompiledRule[],
): RowOutcome {
  if (forbids.some((rule) => rule.fields.has(field))) return HIDDEN
  const said = permits.flatMap((rule) => rule.fields.get(field) ?? [])
  const [first, ...others] = said
  return first === undefined ? HIDDEN : rowOutcome(others.reduce(stricter, first))
}

/** The meet of the lattice hidden < redact < each other mask < plain: two different masks leave nothing to show. */
export function stricter(a: RuleOutcome, b: RuleOutcome): RuleOutcome {
  if (a === b || b === 'plain') return a
  if (a === 'plain') return b
  return a === 'hidden' || b === 'hidden' ? 'hidden' : 'redact'
}

function rowOutcome(said: RuleOutcome): RowOutcome {
  if (said === 'hidden') return HIDDEN
  return said === 'plain' ? PLAIN : MASKED[said]
}
