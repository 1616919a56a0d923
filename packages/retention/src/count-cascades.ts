import { tableOf, type ForeignKey } from './graph.ts'
import type { Cascade } from './plan.ts'
import type { RetentionRecords } from './records.ts'
import { takesAway, type DisposalRule } from './rules.ts'

export interface CascadeCount {
  /** Counts what points at these records of the rule. @throws UnavailableError */
  add(keys: readonly string[]): Promise<void>
  readonly cascades: readonly Cascade[]
}

/** Of one rule among those of its plan: what the database would do by itself to the rows that point at its records. */
export function countCascades(
  records: Pick<RetentionRecords, 'cascades'>,
  rule: DisposalRule,
  foreignKeys: readonly ForeignKey[],
  rules: readonly DisposalRule[],
): CascadeCount {
  const reaching = takesAway(rule.action)
    ? foreignKeys.filter(
        ({ parent, onDelete }) => parent === tableOf(rule.resource) && ACTS_BY_ITSELF.has(onDelete),
      )
    : []
  // A rule that waits for an event takes only those of which it was told.
  const taking = rules.filter(({ action, events }) => takesAway(action) && events.length === 0)
  const counted = reaching.map(() => ({ rows: 0, unplanned: 0 }))
  return {
    add: async (keys) => {
      if (reaching.length === 0 || keys.length === 0) return
      const more = await records.cascades({
        ...{ resource: rule.resource, keys, foreignKeys: reaching, rules: taking },
      })
      for (const [at, count] of counted.entries()) {
        count.rows += more[at]?.rows ?? 0
        count.unplanned += more[at]?.unplanned ?? 0
      }
    },
    get cascades() {
      return reaching.map(({ name, child, onDelete }, at) => ({
        ...{ foreignKey: name, child, onDelete },
        ...(counted[at] ?? { rows: 0, unplanned: 0 }),
      }))
    },
  }
}

const ACTS_BY_ITSELF: ReadonlySet<ForeignKey['onDelete']> = new Set(['cascade', 'set-null', 'set-default'])
