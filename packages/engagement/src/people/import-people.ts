import type { ContractId, Pseudonym } from '@varco/core'
import type { ActLog } from '../act-log.ts'
import type { Actor } from '../actor.ts'
import type { ImportReport } from '../csv/import-report.ts'
import type { Table } from '../csv/read-table.ts'
import type { EngagementWriter } from '../facts.ts'
import { mayManage, type LifeOccasion, type LifeRefused } from '../life/life-desk.ts'
import type { PeopleDirectory } from './people-directory.ts'
import {
  planPeople,
  type HideIdentity,
  type OperatorIdentity,
  type PeopleRefusalCode,
} from './plan-people.ts'

export interface PeopleDesk {
  readonly directory: Pick<PeopleDirectory, 'everyone'>
  readonly writer: Pick<EngagementWriter, 'putMany'>
  readonly log: ActLog
  readonly newPseudonym: (contract: ContractId | null) => Pseudonym
  readonly hide: HideIdentity
  /** Keeps who is behind a pseudonym where only two people together can look. */
  readonly seal: (pseudonym: Pseudonym, identity: OperatorIdentity) => Promise<void>
}

/**
 * Imports people and what they work on: every row, or none where one is refused. A person comes with an assignment of their
 * own for each contract; nothing they might do under another one comes along.
 */
export async function importPeople(
  { directory, writer, log, newPseudonym, hide, seal }: PeopleDesk,
  occasion: LifeOccasion,
  actor: Actor,
  table: Table,
): Promise<ImportReport<PeopleRefusalCode> | LifeRefused> {
  const barred = mayManage(occasion, actor)
  if (barred !== null) return barred
  const { bundle, requestId } = occasion
  const { assignments, identities, operators, rows } = planPeople(
    bundle,
    await directory.everyone(),
    table.rows,
    newPseudonym,
    hide,
  )
  if (rows.some(({ outcome }) => outcome === 'refused')) return { imported: false, rows }
  if (assignments.length > 0) {
    await log.append({
      kind: 'people-imported',
      requestId,
      operator: actor.pseudonym,
      role: actor.role,
      unit: actor.unit,
      policyVersion: bundle.version,
      detail: { people: operators.length, assignments: assignments.length },
    })
    for (const [pseudonym, identity] of identities) await seal(pseudonym, identity)
    await writer.putMany({ operators, assignments })
  }
  return { imported: true, rows }
}
