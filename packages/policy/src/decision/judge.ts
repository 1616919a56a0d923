import type { RuleDocument } from '../bundle/schema.ts'
import type { Resource } from '../bundle/bundle.ts'
import type { Evaluator } from '../condition/evaluate-condition.ts'
import type { CompiledRule } from './compiled-rule.ts'
import { RowOutcomes } from './row-outcomes.ts'
import { Numbering, Shared } from './shared.ts'

export type Requirements = Pick<RuleDocument['require'], 'ticket' | 'grant'>

/** What of a plan's rules decides a record, in the plan's order of permits and forbids. */
export interface Judge {
  readonly permits: readonly JudgingPermit[]
  readonly forbids: readonly Evaluator[]
  readonly outcomes: RowOutcomes
}

interface JudgingPermit {
  readonly evaluate: Evaluator
  /** `null`: nothing, as most. */
  readonly requires: Requirements | null
}

/**
 * Judges for plans. Plans whose rules say the same of records, which most of a large bundle's do, share one: the rules
 * themselves, their documents and their names are then never looked at to decide a record.
 */
export class Judges {
  readonly #judges = new Shared<Judge>()
  readonly #numbers = new Numbering()

  for(resource: Resource, permits: readonly CompiledRule[], forbids: readonly CompiledRule[]): Judge {
    const said = (rule: CompiledRule): string =>
      `${this.#numbers.of(rule.evaluate)} ${this.#numbers.of(rule.fields)} ${rule.wholeRecord}`
    const key = [
      this.#numbers.of(resource),
      ...permits.map(
        (rule) => `${said(rule)} ${rule.document.require.ticket} ${rule.document.require.grant}`,
      ),
      'forbids',
      ...forbids.map(said),
    ].join()
    return this.#judges.of(key, () => ({
      permits: permits.map(({ evaluate, document: { require } }) => ({
        evaluate,
        requires:
          require.ticket === 'open' || require.grant
            ? { ticket: require.ticket, grant: require.grant }
            : null,
      })),
      forbids: forbids.map(({ evaluate }) => evaluate),
      outcomes: new RowOutcomes([...resource.fields.keys()], permits, forbids),
    }))
  }
}
