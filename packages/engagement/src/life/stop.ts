import type { ContractId } from '@varco/core'
import type { Contract } from '@varco/policy'
import { addPeriod } from './add-period.ts'
import type { Stop, TakenMove } from './contract-life-store.ts'
import type { ExitCase, ExitParty } from './exit-case.ts'
import type { LifeOccasion } from './life-desk.ts'

/**
 * The exit case that a step opens, and where the open tickets go. Of a contract that ran out, the time to give back runs
 * from its last day, whenever that was noticed.
 */
export function stopOf(
  { bundle, now }: LifeOccasion,
  contract: Contract,
  { by, move }: TakenMove,
  successor: ContractId | null,
): Stop {
  const { time_zone: timeZone } = bundle.document.varco
  const cause = move === 'declare-insolvent' ? 'insolvency' : now >= contract.to ? 'expiry' : 'termination'
  const endedAt = cause === 'expiry' ? contract.to : now
  return {
    successor,
    exitCase: (effects): ExitCase => ({
      contract: contract.id,
      processor: contract.processor,
      cause,
      openedBy: by,
      openedAt: now,
      dueAt: addPeriod(endedAt, contract.document.exit.delete_within, timeZone),
      successor,
      ...effects,
      choice: null,
      parties: partiesOf(bundle, contract, cause),
      declarations: [],
      verified: null,
      closedAt: null,
      revision: 0,
    }),
  }
}

/** The company, those who worked for it at any time of the contract, and in an insolvency its curator. */
function partiesOf(
  bundle: LifeOccasion['bundle'],
  { processor: id, document }: Contract,
  cause: ExitCase['cause'],
): readonly ExitParty[] {
  const processor = bundle.processors.get(id)
  if (processor === undefined) return []
  const involved = processor.sub_processors.filter(
    ({ from, to }) => from <= document.to && (to === undefined || to >= document.from),
  )
  return [
    { kind: 'processor', name: processor.name },
    ...involved.map(({ name }): ExitParty => ({ kind: 'sub-processor', name })),
    ...(cause === 'insolvency' ? [{ kind: 'curator', name: processor.name } as const] : []),
  ]
}
