import type { Say } from './say.ts'

type Words = readonly [it: string, en: string]

/** GDPR Art. 6(1), in words. */
const LEGAL_BASES: Readonly<Record<string, Words>> = {
  consent: ['Consenso, articolo 6, paragrafo 1, lettera a)', 'Consent, Article 6(1)(a)'],
  contract: ['Contratto, articolo 6, paragrafo 1, lettera b)', 'Contract, Article 6(1)(b)'],
  'legal-obligation': [
    'Obbligo di legge, articolo 6, paragrafo 1, lettera c)',
    'Legal obligation, Article 6(1)(c)',
  ],
  'vital-interests': [
    'Interessi vitali, articolo 6, paragrafo 1, lettera d)',
    'Vital interests, Article 6(1)(d)',
  ],
  'public-task': [
    'Compito di interesse pubblico, articolo 6, paragrafo 1, lettera e)',
    'Task in the public interest, Article 6(1)(e)',
  ],
  'legitimate-interests': [
    'Legittimo interesse, articolo 6, paragrafo 1, lettera f)',
    'Legitimate interests, Article 6(1)(f)',
  ],
}

/** What happens to a record when its term is over. */
const ACTIONS_AFTER_TERM: Readonly<Record<'erase' | 'anonymise' | 'restrict' | 'archive', Words>> = {
  erase: ['cancellazione', 'erasure'],
  anonymise: ['anonimizzazione', 'anonymisation'],
  restrict: ['limitazione: soltanto conservazione', 'restriction: kept, not used'],
  archive: ['versamento in archivio', 'transfer to the archives'],
}

/** What an operator did. */
const ACTIONS: Readonly<Record<string, Words>> = {
  read: ['lettura', 'read'],
  search: ['ricerca', 'search'],
  count: ['conteggio', 'count'],
  export: ['esportazione', 'export'],
  update: ['modifica', 'change'],
}

/** Acts of the body that show personal data and are no operator's access. */
const ACTS: Readonly<Record<string, Words>> = {
  'report-made': ['relazione come questa', 'report like this one'],
  'log-read': ['consultazione del registro', 'consultation of the log'],
}

/** Entries of the log, as a list of them calls each kind. */
const EVENT_KINDS: Readonly<Record<string, Words>> = {
  access: ['Accesso ai dati', 'Access to data'],
  'policy-activated': ['Attivazione di regole', 'Rules put in force'],
  'contract-terminated': ['Cessazione di un contratto', 'Contract ended'],
  'disclosures-erased': ['Cancellazione di riferimenti a una persona', 'References to a person erased'],
  'log-prune-proposed': ['Scarto di mesi del registro proposto', 'Dropping of months of the log proposed'],
  'log-prune-approved': ['Scarto di mesi del registro approvato', 'Dropping of months of the log approved'],
  'log-pruned': ['Scarto di mesi del registro', 'Months of the log dropped'],
  'identity-requested': ['Richiesta di aprire un’identità', 'Opening of an identity asked for'],
  'identity-opened': ['Apertura di un’identità', 'Identity opened'],
  'identity-refused': ['Rifiuto di aprire un’identità', 'Opening of an identity refused'],
  'report-made': ['Documento prodotto', 'Report made'],
  'request-moved': ['Passo di una richiesta degli interessati', 'Step of a data subject’s request'],
  'log-read': ['Consultazione del registro', 'Log read'],
  'log-exported': ['Esportazione del registro', 'Log exported'],
  'writer-registered': ['Iscrizione di un processo', 'Process registered'],
  'writer-started': ['Avvio di un processo', 'Process started'],
  heartbeat: ['Stato dei processi', 'State of the processes'],
  'key-rotated': ['Cambio di chiave', 'Key changed'],
}

export function eventKindOf(kind: string, say: Say): string {
  return inWords(EVENT_KINDS, kind, say)
}

export function legalBasisOf(basis: string, say: Say): string {
  return inWords(LEGAL_BASES, basis, say)
}

export function actionAfterTerm(action: keyof typeof ACTIONS_AFTER_TERM, say: Say): string {
  return say(...ACTIONS_AFTER_TERM[action])
}

export function actionOf(kind: string, action: string | null, say: Say): string {
  return action === null ? inWords(ACTS, kind, say) : inWords(ACTIONS, action, say)
}

/** A code without words stands for itself: nothing is left out. */
function inWords(words: Readonly<Record<string, Words>>, code: string, say: Say): string {
  const known = Object.hasOwn(words, code) ? words[code] : undefined
  return known === undefined ? code : say(...known)
}
