import type { Localized, Micros, Pseudonym, RequestId } from '@varco/core'
import type { Bundle } from '@varco/policy'
import type { ActLog } from '../act-log.ts'
import type { Actor } from '../actor.ts'
import type { CopiesLedger } from '../copies/copies-ledger.ts'
import { refuse, type Refused } from '../refused.ts'
import type { ContractLifeStore } from './contract-life-store.ts'

/** What every operation on contracts' lives works with. */
export interface LifeDesk {
  readonly store: ContractLifeStore
  readonly copies: Pick<CopiesLedger, 'copies'>
  readonly log: ActLog
}

export interface LifeOccasion {
  readonly bundle: Bundle
  readonly now: Micros
  readonly requestId: RequestId
}

export const LIFE_REFUSALS = {
  'unknown-contract': { it: 'Il contratto non esiste.', en: 'There is no such contract.' },
  'state-unknown': {
    it: 'Lo stato del contratto non è registrato.',
    en: 'The contract’s state is not recorded.',
  },
  'not-manager': {
    it: 'Chi segue i contratti è indicato nelle regole: questa persona non è tra loro.',
    en: 'The policy names who manages contracts: this person is not among them.',
  },
  'no-such-step': {
    it: 'Da questo stato il contratto non può fare questo passo.',
    en: 'The contract cannot take this step from its present state.',
  },
  'second-person': {
    it: 'Il passo va confermato da una seconda persona.',
    en: 'The step must be confirmed by a second person.',
  },
  'unknown-successor': {
    it: 'Chi subentra deve essere un altro contratto, in vigore.',
    en: 'The successor must be another contract, in force.',
  },
  'other-successor': {
    it: 'La proposta indicava un altro subentrante.',
    en: 'The proposal named another successor.',
  },
  'contract-ended': { it: 'Il contratto è scaduto.', en: 'The contract has run out.' },
  'no-exit': { it: 'Non c’è una chiusura in corso.', en: 'No exit is under way.' },
  'no-choice': {
    it: 'Il titolare non ha ancora scelto tra restituzione e cancellazione.',
    en: 'The controller has not chosen yet between return and deletion.',
  },
  'choice-made': { it: 'La scelta è già stata fatta.', en: 'The choice has been made already.' },
  'unknown-party': {
    it: 'Da questa parte non è attesa alcuna dichiarazione.',
    en: 'No declaration is expected of this party.',
  },
  'bad-document': {
    it: 'Del documento serve lo SHA-256 in esadecimale e il giorno della firma.',
    en: 'The document’s SHA-256 in hexadecimal and the day of signing are needed.',
  },
  'declarations-missing': {
    it: 'Mancano delle dichiarazioni firmate.',
    en: 'Signed declarations are missing.',
  },
  'copies-left': {
    it: 'Restano copie né rese né distrutte né escluse con un motivo.',
    en: 'Copies are left that were neither returned, nor deleted, nor excepted with a reason.',
  },
  'unknown-copy': { it: 'La copia non esiste.', en: 'There is no such copy.' },
  'reason-too-short': { it: 'Il motivo è troppo breve.', en: 'The reason is too short.' },
  'changed-meanwhile': {
    it: 'Qualcun altro l’ha cambiato nel frattempo.',
    en: 'Somebody else has changed it in the meantime.',
  },
} as const satisfies Record<string, Localized>

export type LifeRefusalCode = keyof typeof LIFE_REFUSALS
export type LifeRefused = Refused<LifeRefusalCode>

export function refuseLife(code: LifeRefusalCode): LifeRefused {
  return refuse(LIFE_REFUSALS, code)
}

/** The body's own staff with a role that the bundle names for it; nobody of a contractor. `null`: they may. */
export function mayManage({ bundle }: LifeOccasion, actor: Actor): LifeRefused | null {
  const roles = bundle.document.varco.contract_management?.roles ?? []
  return actor.contract === null && actor.processor === null && roles.includes(actor.role)
    ? null
    : refuseLife('not-manager')
}

/** Whoever carries the pseudonym now, as an actor; `null` for nobody, or for somebody with several assignments. */
export async function actorOf(
  store: Pick<ContractLifeStore, 'assignmentsOf'>,
  { bundle, now }: LifeOccasion,
  pseudonym: Pseudonym,
): Promise<Actor | null> {
  const [only, ...others] = await store.assignmentsOf(pseudonym, now)
  if (only === undefined || others.length > 0) return null
  const { operator, contract, role, unit } = only
  const processor = contract === null ? null : (bundle.contracts.get(contract)?.processor ?? null)
  // A contractor's assignment whose contract the bundle does not know is nobody of the body's.
  if (contract !== null && processor === null) return null
  return { operator, pseudonym, processor, contract, role, unit }
}
