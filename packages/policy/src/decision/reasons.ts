import type { Localized } from '@varco/core'

/** Every reason a decision can give. Codes are stable: clients, reports and the log carry them. */
export const REASONS = {
  permitted: { it: 'Accesso consentito.', en: 'Access permitted.' },
  'no-purpose': {
    it: 'Manca la finalità: inviare l’intestazione Varco-Purpose.',
    en: 'No purpose was given: send the Varco-Purpose header.',
  },
  'unknown-purpose': { it: 'La finalità indicata non esiste.', en: 'The purpose given does not exist.' },
  'outside-annex': {
    it: 'La finalità non è tra quelle affidate con il contratto.',
    en: 'The purpose is outside the contract’s annex.',
  },
  'contract-not-started': { it: 'Il contratto non è ancora iniziato.', en: 'The contract has not started.' },
  'contract-ended': { it: 'Il contratto è terminato.', en: 'The contract has ended.' },
  'contract-not-active': { it: 'Il contratto non è attivo.', en: 'The contract is not active.' },
  'unknown-contract': {
    it: 'Il contratto non è tra quelli della politica in vigore.',
    en: 'The contract is not in the policy in force.',
  },
  'no-assignment': {
    it: 'Nessun incarico in corso per questa persona.',
    en: 'This person has no current assignment.',
  },
  'ambiguous-assignment': {
    it: 'Questa persona ha più incarichi in corso: non si sa quale valga.',
    en: 'This person has several current assignments: which one applies is not known.',
  },
  'state-unknown': {
    it: 'Lo stato del contratto non è conosciuto in questo momento.',
    en: 'The contract’s state is not known at this moment.',
  },
  'no-ticket': {
    it: 'Manca la pratica: inviare l’intestazione Varco-Ticket.',
    en: 'No ticket was given: send the Varco-Ticket header.',
  },
  'unknown-ticket': { it: 'La pratica indicata non esiste.', en: 'The ticket given does not exist.' },
  'ticket-closed': { it: 'La pratica è chiusa.', en: 'The ticket is closed.' },
  'ticket-later': {
    it: 'La pratica è stata aperta dopo l’accesso.',
    en: 'The ticket was opened after the access.',
  },
  'ticket-other-purpose': {
    it: 'La pratica riguarda un’altra finalità.',
    en: 'The ticket is for another purpose.',
  },
  'no-grant': {
    it: 'Serve un’autorizzazione puntuale dell’unità competente.',
    en: 'A grant by the unit in charge is needed.',
  },
  'grant-expired': { it: 'L’autorizzazione puntuale è scaduta.', en: 'The grant has expired.' },
  'grant-other-resource': {
    it: 'L’autorizzazione puntuale riguarda un’altra risorsa.',
    en: 'The grant is for another resource.',
  },
  'grant-other-action': {
    it: 'L’autorizzazione puntuale riguarda un’altra operazione.',
    en: 'The grant is for another action.',
  },
  'grant-other-purpose': {
    it: 'L’autorizzazione puntuale riguarda un’altra finalità.',
    en: 'The grant is for another purpose.',
  },
  'grant-other-ticket': {
    it: 'L’autorizzazione puntuale è legata a un’altra pratica.',
    en: 'The grant is bound to another ticket.',
  },
  'missing-attribute': {
    it: 'Manca un dato su chi chiede, necessario alla regola.',
    en: 'A fact about the caller that the rule needs is missing.',
  },
  'condition-not-met': {
    it: 'Le condizioni della regola non sono soddisfatte.',
    en: 'The rule’s conditions are not met.',
  },
  'other-data-subject': {
    it: 'La pratica riguarda un altro interessato.',
    en: 'The ticket is about another data subject.',
  },
  'other-role': { it: 'La regola vale per un altro ruolo.', en: 'The rule is for another role.' },
  'other-purpose': { it: 'La regola vale per un’altra finalità.', en: 'The rule is for another purpose.' },
  'other-contract': { it: 'La regola vale per un altro contratto.', en: 'The rule is for another contract.' },
  'other-action': { it: 'La regola vale per un’altra operazione.', en: 'The rule is for another action.' },
  'no-rule': { it: 'Nessuna regola consente questa operazione.', en: 'No rule permits this operation.' },
  forbidden: { it: 'Una regola vieta questa operazione.', en: 'A rule forbids this operation.' },
  'forbid-not-evaluable': {
    it: 'Un divieto non si può valutare: si nega.',
    en: 'A forbid cannot be evaluated: denied.',
  },
  'unknown-resource': { it: 'Risorsa o campo non disponibile.', en: 'Resource or field not available.' },
  'field-not-available': { it: 'Risorsa o campo non disponibile.', en: 'Resource or field not available.' },
  'field-not-plain': {
    it: 'Non si può filtrare o ordinare su un campo che non si vede in chiaro.',
    en: 'Filtering or ordering needs the field in plain.',
  },
} as const satisfies Record<string, Localized>

export type ReasonCode = keyof typeof REASONS
