import { microsToIso } from '@varco/core'
import { writtenOut } from '../condition/unseen.ts'
import type { Change, PolicyDiff } from './diff-bundles.ts'
import type { StructuralChange } from './structural-changes.ts'

/** For a terminal: widenings first, each with its witness; questions that change alike, in the same fields, share one entry. */
export function diffText(diff: PolicyDiff): string {
  if (diff.changes.length + diff.structural.length + diff.rules.length === 0) return 'no decision changes'
  const widenings = diff.changes.filter(({ kind }) => kind === 'widening')
  const narrowings = diff.changes.filter(({ kind }) => kind === 'narrowing')
  return [
    ...(diff.changes.length === 0 ? ['no decision changes'] : []),
    ...section(`${widenings.length} widenings`, widenings, true),
    ...section(`${narrowings.length} narrowings`, narrowings, false),
    ...(diff.structural.length === 0 ? [] : ['beside the decisions:']),
    ...diff.structural.map(structuralText),
    ...(diff.rules.length === 0 ? [] : ['rules as they are written:']),
    ...diff.rules.map(structuralText),
  ].join('\n')
}

/** One line, whatever the names in it are made of. */
function structuralText({ about, from, name, to, widens }: StructuralChange): string {
  return `  ${widens ? '+' : '-'} ${about} ${writtenOut(`${name}: ${from} -> ${to}`)}`
}

function section(title: string, changes: readonly Change[], withWitness: boolean): readonly string[] {
  if (changes.length === 0) return []
  const alike = ({ cell, from, rows, to }: Change): unknown => [cell.resource, cell.purpose, from, to, rows]
  const questions = Map.groupBy(changes, (change) => JSON.stringify([alike(change), change.cell]))
  const groups = [
    ...Map.groupBy(questions.values(), (same) =>
      JSON.stringify([same.slice(0, 1).map(alike), same.map(({ field }) => field)]),
    ).values(),
  ].map((each) => each.flat())
  return [
    `${title}:`,
    ...groups.flatMap((same) => {
      const [first] = same
      if (first === undefined) return []
      const { cell, from, rows, to, witness } = first
      const fields = [...new Set(same.map(({ field }) => field ?? '(records)'))].join(', ')
      return [
        `  ${cell.resource} ${fields}: ${from} -> ${to}`,
        ...whoText(same.map((each) => each.cell)).map((who) => `    for ${cell.purpose}; ${who}`),
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

/** One line where each role asks so under each contract; else one for each contract's roles, so that nobody is told of too much. */
function whoText(cells: readonly Change['cell'][]): readonly string[] {
  const distinct = [...new Map(cells.map((cell) => [JSON.stringify(cell), cell])).values()]
  const of = (
    part: 'role' | 'contract' | 'action',
    some: readonly Change['cell'][] = distinct,
  ): readonly string[] => [...new Set(some.map((cell) => cell[part]))]
  const line = (some: readonly Change['cell'][]): string =>
    `${of('role', some).join(', ')} of ${of('contract', some).join(', ')}; ${of('action', some).join(', ')}`
  const isProduct = of('role').length * of('contract').length * of('action').length === distinct.length
  if (isProduct) return [line(distinct)]
  return [...Map.groupBy(distinct, ({ contract, role }) => JSON.stringify([contract, role])).values()].map(
    line,
  )
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
    ...(grant === null
      ? []
      : [
          `grant for ${grant.record ?? 'all records'}${grant.dataSubject === null ? '' : ` of ${grant.dataSubject}`}`,
        ]),
    `record ${JSON.stringify(Object.fromEntries(known))}`,
  ].join(', ')
}
