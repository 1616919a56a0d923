import type { Bundle } from '../bundle/bundle.ts'
import type { RuleDocument } from '../bundle/schema.ts'
import { contentWithout, NOTHING, partsThatDiffer } from './content.ts'
import type { StructuralChange } from './structural-changes.ts'

/**
 * Which rules were written, rewritten or taken away, whether or not a decision shows it: a forbid of what nobody permits yet
 * is missed on the day somebody does. It never says that anybody sees more, for that is proved.
 */
export function ruleChanges(before: Bundle, after: Bundle): readonly StructuralChange[] {
  const renamed = new Map(
    after.rules.all
      .filter(({ id }) => !before.rules.byId.has(id))
      .map(({ id, document }) => [said(document), id]),
  )
  const gone = before.rules.all.filter(({ id }) => !after.rules.byId.has(id))
  const kept = new Set(gone.flatMap(({ document }) => renamed.get(said(document)) ?? []))
  return [
    ...gone.map(({ id, document }) => {
      const other = renamed.get(said(document))
      return other === undefined ? told(id, document.effect, NOTHING) : told(id, id, other)
    }),
    ...before.rules.all.flatMap(({ id, document }) => {
      const now = after.rules.byId.get(id)?.document
      return now === undefined ? [] : rewritten(document, now)
    }),
    ...after.rules.all
      .filter(({ id }) => !before.rules.byId.has(id) && !kept.has(id))
      .map(({ id, document }) => told(id, NOTHING, document.effect)),
  ]
}

/** All but its name. */
function said(rule: RuleDocument): string {
  return contentWithout(rule, 'id')
}

function rewritten(was: RuleDocument, is: RuleDocument): readonly StructuralChange[] {
  return partsThatDiffer(was, is).map(({ part, from, to }) => told(`${was.id}, ${part}`, from, to))
}

function told(name: string, from: string, to: string): StructuralChange {
  return { about: 'rule', name, from, to, widens: false }
}
