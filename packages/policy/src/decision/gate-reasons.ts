import type { Localized } from '@varco/core'

/**
 * Every reason the gate itself has to turn a request away, beside those of a decision. They stand here for callers are told them by
 * the gate, and readers of the log by the console. `PGRST` codes are PostgREST's: its clients look for them.
 */
export const GATE_REASONS = {
  'no-token': { it: 'Manca il token di accesso.', en: 'The access token is missing.' },
  'invalid-token': { it: 'Il token di accesso non è valido.', en: 'The access token is not valid.' },
  'expired-token': { it: 'Il token di accesso è scaduto.', en: 'The access token has expired.' },
  'invalid-proof': {
    it: 'Manca la prova, o non è valida, che il token appartiene a chi lo usa.',
    en: 'The proof that the token belongs to its sender is missing or not valid.',
  },
  'invalid-header': {
    it: 'Un’intestazione Varco non ha la forma prevista.',
    en: 'A Varco header does not have the expected form.',
  },
  'invalid-body': {
    it: 'Il corpo della richiesta non ha la forma prevista.',
    en: 'The body of the request does not have the expected form.',
  },
  'body-too-large': {
    it: 'Il corpo della richiesta è troppo grande.',
    en: 'The body of the request is too large.',
  },
  'invalid-query': {
    it: 'La richiesta non ha la forma prevista.',
    en: 'The query does not have the expected form.',
  },
  'invalid-value': {
    it: 'Un valore non è del tipo del suo campo.',
    en: 'A value is not of its field’s type.',
  },
  'field-not-writable': {
    it: 'Nessuna regola consente di modificare questo campo.',
    en: 'No rule permits this field to be changed.',
  },
  'not-supported': {
    it: 'La richiesta usa una forma che non è disponibile qui.',
    en: 'The query uses a form that is not supported here.',
  },
  'too-many-records': {
    it: 'Le relazioni contengono troppi record: restringere la richiesta.',
    en: 'The relations hold too many records: narrow the query.',
  },
  'not-found': { it: 'Non c’è nulla a questo indirizzo.', en: 'There is nothing at this address.' },
  'method-not-allowed': {
    it: 'Operazione non prevista a questo indirizzo.',
    en: 'The method is not allowed at this address.',
  },
  'not-acceptable': {
    it: 'Nessuno dei formati richiesti è disponibile.',
    en: 'None of the formats asked for is available.',
  },
  'not-written': {
    it: 'L’archivio non accetta la modifica: nulla è stato cambiato.',
    en: 'The records do not accept the change: nothing was changed.',
  },
  'changed-meanwhile': {
    it: 'Il record non è più quello che era stato mostrato: rileggerlo prima di modificarlo.',
    en: 'The record is no longer what was shown: read it again before changing it.',
  },
  'not-json': { it: 'Il corpo della richiesta deve essere JSON.', en: 'The request’s body must be JSON.' },
  'budget-spent': {
    it: 'È stato raggiunto il numero di record che la regola consente di vedere in un’ora.',
    en: 'The number of records that the rule lets one see in an hour has been reached.',
  },
  'data-subjects-spent': {
    it: 'È stato raggiunto il numero di interessati che si possono consultare in questo periodo.',
    en: 'The number of data subjects that may be looked up in this period has been reached.',
  },
  PGRST116: {
    it: 'È stato chiesto un solo record e il risultato non è uno solo.',
    en: 'One record was asked for and the result is not exactly one.',
  },
  PGRST124: {
    it: 'La modifica riguarda più record di quanti consentiti: nulla è stato cambiato.',
    en: 'The change affects more records than allowed: nothing was changed.',
  },
  PGRST103: { it: 'L’intervallo richiesto non è valido.', en: 'The requested range is not satisfiable.' },
  'unmapped-route': {
    it: 'Questo indirizzo del sistema a valle non è tra quelli dichiarati.',
    en: 'This address of the system behind is not among those declared.',
  },
  'upstream-failed': {
    it: 'Il sistema a valle ha risposto in un modo non previsto: nessun dato è stato mostrato.',
    en: 'The system behind answered in an unexpected way: no data was shown.',
  },
  unavailable: {
    it: 'Servizio momentaneamente non disponibile: nessun dato è stato mostrato.',
    en: 'The service is not available at the moment: no data was shown.',
  },
  'outcome-unknown': {
    it: 'Non si sa se la modifica sia stata fatta: rileggere il record prima di riprovare.',
    en: 'Whether the change was made is not known: read the record before trying again.',
  },
  busy: {
    it: 'Troppe richieste insieme: riprovare tra poco.',
    en: 'Too many requests at once: try again shortly.',
  },
} as const satisfies Record<string, Localized>

export type GateReason = keyof typeof GATE_REASONS
