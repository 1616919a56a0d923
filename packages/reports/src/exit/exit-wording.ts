import type { ContractMoveName, Copy, ExitCase, ExitDossier, ExitParty } from '@varco/engagement'
import type { Titled } from '../report/parts.ts'
import type { Say } from '../report/say.ts'

type Words = readonly [it: string, en: string]
type WordsFor<Code extends string> = Readonly<Record<Code, Words>>

const CAUSES: WordsFor<ExitCase['cause']> = {
  termination: ['cessazione del contratto', 'termination of the contract'],
  insolvency: ['insolvenza della società', 'insolvency of the company'],
  expiry: ['scadenza del contratto', 'expiry of the contract'],
}

const STATES: WordsFor<NonNullable<ExitDossier['state']>> = {
  draft: ['in preparazione', 'draft'],
  active: ['in vigore', 'in force'],
  notice: ['in preavviso', 'under notice'],
  insolvent: ['fermo per insolvenza', 'stopped by insolvency'],
  frozen: ['fermo', 'stopped'],
  terminated: ['cessato', 'terminated'],
  returning: ['restituzione in corso', 'data being returned'],
  verified: ['verificato', 'verified'],
  closed: ['chiuso', 'closed'],
}

const DISPOSALS: WordsFor<NonNullable<ExitCase['choice']>['kind']> = {
  return: ['restituzione dei dati', 'return of the data'],
  deletion: ['cancellazione dei dati', 'deletion of the data'],
}

const PARTIES: WordsFor<ExitParty['kind']> = {
  processor: ['responsabile del trattamento', 'processor'],
  'sub-processor': ['altro responsabile', 'sub-processor'],
  curator: ['curatore della procedura', 'insolvency curator'],
}

const COPY_KINDS: WordsFor<Copy['kind']> = {
  records: ['dati degli archivi', 'records'],
  log: ['registro degli accessi', 'access log'],
  console: ['pagina della console', 'console page'],
}

const COPY_ENDS: WordsFor<NonNullable<Copy['settled']>['how']> = {
  returned: ['resa', 'returned'],
  deleted: ['distrutta', 'deleted'],
  excepted: ['esclusa', 'excepted'],
}

const STEPS: WordsFor<ContractMoveName> = {
  activate: ['entrata in vigore', 'put in force'],
  'give-notice': ['preavviso', 'notice given'],
  'withdraw-notice': ['ritiro del preavviso', 'notice withdrawn'],
  'declare-insolvent': ['insolvenza', 'insolvency'],
  terminate: ['cessazione', 'termination'],
  'begin-return': ['inizio della restituzione', 'return begun'],
  verify: ['verifica', 'verification'],
  close: ['chiusura', 'closing'],
}

const titled =
  <Code extends string>(words: WordsFor<Code>) =>
  (id: Code, say: Say): Titled => {
    const [it, en] = words[id]
    return { id, title: say(it, en) }
  }

export const exitCauseOf = titled(CAUSES)
export const contractStateOf = titled(STATES)
export const disposalOf = titled(DISPOSALS)
export const exitPartyOf = titled(PARTIES)
export const copyKindOf = titled(COPY_KINDS)
export const copyEndOf = titled(COPY_ENDS)
export const lifeStepOf = titled(STEPS)
