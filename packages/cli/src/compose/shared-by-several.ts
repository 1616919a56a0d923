import type { FoundDataSubject } from '@varco/reports'

/** One identifier for two people of a kind: homonyms, or records not yet merged. Whose report is it? */
export function sharedBySeveral(found: readonly FoundDataSubject[]): string[] {
  return [...Map.groupBy(found, ({ ref }) => ref.kind).values()]
    .filter((people) => people.length > 1)
    .flatMap((people) => people.map(({ ref }) => `${ref.kind}:${ref.id}`))
}
