import { microsToIso } from '@varco/core'
import type { Change, PolicyDiff } from './diff-bundles.ts'

/** For a terminal: widenings first, each with its witness; questions that change alike share one entry. */
export function diffText(diff: PolicyDiff): string {
  if (diff.changes.length === 0 && diff.structural.length === 0) return 'no decision changes'
  const widenings = diff.changes.filter(({ kind }) => kind === 'widening')
  const narrowings = diff.changes.filter(({ kind }) => kind === 'narrowing')
  return [
    ...section(`${widenings.length} widenings`, widenings, true),
    ...section(`${narrowings.length} narrowings`, narrowings, false),
    ...(diff.structural.length === 0 ? [] : ['beside the decisions:']),
    ...diff.structural.map(
      ({ about, from, name, to, widens }) => `  ${widens ? '+' : '-'} ${about} ${name}: ${from} -> ${to}`,
    ),
  ].join('\n')
}

function section(title: string, changes: readonly Change[], withWitness: boolean): readonly string[] {
  if (changes.length === 0) return []
  const groups = [
    ...Map.groupBy(changes, ({ cell, from, rows, to }) =>
      JSON.stringify([cell.resource, cell.purpose, from, to, rows]),
    ).values(),
  ]
  return [
    `${title}:`,
    ...groups.flatMap((same) => {
      const [first] = same
      if (first === undefined) return []
      const { cell, from, rows, to, witness } = first
      const fields = [...new Set(same.map(({ field }) => field ?? '(records)'))].join(', ')
      const who = (part: 'role' | 'contract' | 'action'): string =>
        [...new Set(same.map((each) => each.cell[part]))].join(', ')
      return [
        `  ${cell.resource} ${fields}: ${from} -> ${to}`,
        `    for ${cell.purpose}; ${who('role')} of ${who('contract')}; ${who('action')}`,
        `    where ${rows}`,
        ...(withWitness
          ? [
              witness === null
                ? '    possible: no example was found, and none could be ruled out'
                : `    for example ${witnessText(witness)}`,
            ]
          : []),
      ]
    }),
  ]
}

function witnessText({ record, request }: NonNullable<Change['witness']>): string {
  const { grant, now, principal, ticket } = request
  const known = Object.entries(record).filter(([, value]) => value !== null)
  return [
    `at ${microsToIso(now)}`,
    ...(Object.keys(principal.attributes).length === 0
      ? []
      : [`principal ${JSON.stringify(principal.attributes)}`]),
    ...(ticket === null || ticket === 'unknown'
      ? []
      : [`${ticket.status} ticket about ${ticket.dataSubject ?? 'nobody'}`]),
    ...(grant === null ? [] : [`grant for ${grant.record ?? 'all records'}`]),
    `record ${JSON.stringify(Object.fromEntries(known))}`,
  ].join(', ')
}
