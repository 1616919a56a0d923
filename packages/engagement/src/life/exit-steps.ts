import type { ContractId, EventId } from '@varco/core'
import type { Actor } from '../actor.ts'
import type { Copy } from '../copies/copies-ledger.ts'
import type { ContractState } from '../facts.ts'
import type { TakenMove } from './contract-life-store.ts'
import { missingDeclarations, type ExitCase, type ExitDeclaration, type ExitParty } from './exit-case.ts'
import { mayManage, refuseLife, type LifeDesk, type LifeOccasion, type LifeRefused } from './life-desk.ts'

export type ExitOutcome =
  | { readonly ok: true; readonly exit: ExitCase; readonly event: EventId }
  | LifeRefused

/** Return or deletion is the controller's to choose (GDPR Art. 28(3)(g)), once. */
export function chooseDisposal(
  desk: LifeDesk,
  occasion: LifeOccasion,
  actor: Actor,
  contract: ContractId,
  kind: 'return' | 'deletion',
): Promise<ExitOutcome> {
  return exitStep(desk, occasion, actor, contract, { step: 'choice', choice: kind }, (exit) =>
    exit.choice === null
      ? { ...exit, choice: { kind, by: actor.pseudonym, at: occasion.now } }
      : refuseLife('choice-made'),
  )
}

/** A signed declaration came in. One of the same party replaces the earlier one. */
export function declareExit(
  desk: LifeDesk,
  occasion: LifeOccasion,
  actor: Actor,
  contract: ContractId,
  declared: Pick<ExitDeclaration, 'kind' | 'name' | 'document' | 'signedOn'>,
): Promise<ExitOutcome> {
  const { kind, name, document, signedOn } = declared
  const detail = { step: 'declaration', party: kind, document: document.slice(0, 64) }
  return exitStep(desk, occasion, actor, contract, detail, (exit) => {
    if (!/^[0-9a-f]{64}$/.test(document) || !/^\d{4}-\d{2}-\d{2}$/.test(signedOn))
      return refuseLife('bad-document')
    if (!exit.parties.some((party) => party.kind === kind && party.name === name))
      return refuseLife('unknown-party')
    const others = exit.declarations.filter((each) => each.kind !== kind || each.name !== name)
    const { pseudonym: recordedBy } = actor
    return {
      ...exit,
      declarations: [...others, { kind, name, document, signedOn, recordedBy, recordedAt: occasion.now }],
    }
  })
}

async function exitStep(
  { log, store }: LifeDesk,
  occasion: LifeOccasion,
  actor: Actor,
  contract: ContractId,
  detail: Readonly<Record<string, string>>,
  change: (exit: ExitCase) => ExitCase | LifeRefused,
): Promise<ExitOutcome> {
  const barred = mayManage(occasion, actor)
  if (barred !== null) return barred
  const found = await store.exitCase(contract)
  if (found === null || found.closedAt !== null || found.verified !== null) return refuseLife('no-exit')
  const changed = change(found)
  if ('ok' in changed) return changed
  const exit = { ...changed, revision: found.revision + 1 }
  const { id: event } = await log.append({
    kind: 'exit-step',
    requestId: occasion.requestId,
    operator: actor.pseudonym,
    role: actor.role,
    unit: actor.unit,
    contract,
    processor: found.processor,
    policyVersion: occasion.bundle.version,
    detail,
  })
  return (await store.replaceExitCase(exit)) ? { ok: true, exit, event } : refuseLife('changed-meanwhile')
}

/** Everything the exit certificate says, and what is still to do; the reports make the document. */
export interface ExitDossier {
  readonly exit: ExitCase
  readonly state: ContractState['state'] | null
  readonly moves: readonly TakenMove[]
  readonly copies: readonly Copy[]
  readonly missing: readonly ExitParty[]
  readonly copiesLeft: number
  /** Past the deadline, and not verified. */
  readonly overdue: boolean
}

const MOST_COPIES = 10_000

export async function exitDossier(
  { copies: ledger, store }: Pick<LifeDesk, 'copies' | 'store'>,
  contract: ContractId,
  now: bigint,
): Promise<ExitDossier | null> {
  const exit = await store.exitCase(contract)
  if (exit === null) return null
  const [live, moves, copies] = await Promise.all([
    store.contractState(contract),
    store.movesOf(contract),
    ledger.copies({ contract, limit: MOST_COPIES }),
  ])
  return {
    exit,
    state: live?.state ?? null,
    moves,
    copies,
    missing: missingDeclarations(exit),
    copiesLeft: copies.filter(({ settled }) => settled === null).length,
    overdue: exit.verified === null && now > exit.dueAt,
  }
}
