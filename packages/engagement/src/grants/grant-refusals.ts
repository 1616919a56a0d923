import type { Localized } from '@varco/core'
import { REASONS, type ReasonCode } from '@varco/policy'
import { refuse, type Refused } from '../refused.ts'

/** What the engagement itself refuses about grants; the policy's own reasons come as they are. */
export const GRANT_REFUSALS = {
  'grants-not-given': {
    it: 'Per questi dati non sono previste autorizzazioni puntuali.',
    en: 'No grants are given for these data.',
  },
  'grant-too-wide': {
    it: 'Un’autorizzazione riguarda una scheda o un interessato: indicarne uno.',
    en: 'A grant is for one record or one data subject: name one.',
  },
  'grant-too-long': {
    it: 'La durata chiesta supera quella consentita.',
    en: 'The time asked for is longer than allowed.',
  },
  'grant-not-needed': {
    it: 'Per questa operazione nessuna regola chiede un’autorizzazione puntuale.',
    en: 'No rule asks for a grant for this operation.',
  },
  'reason-too-short': {
    it: 'Il motivo è troppo breve: dire perché serve.',
    en: 'The reason is too short: say why it is needed.',
  },
  'too-many-asked': {
    it: 'Ci sono già troppe richieste in attesa.',
    en: 'Too many requests are waiting already.',
  },
  'unknown-grant': { it: 'Autorizzazione non trovata.', en: 'There is no such grant.' },
  'own-request': {
    it: 'Nessuno decide sulla propria richiesta.',
    en: 'Nobody decides on their own request.',
  },
  'not-approver': {
    it: 'Decide chi ne ha il ruolo nell’unità responsabile dei dati.',
    en: 'Only those with that role in the unit that owns the data decide.',
  },
  'already-decided': {
    it: 'La richiesta è già stata decisa.',
    en: 'The request has been decided already.',
  },
  'not-in-force': {
    it: 'L’autorizzazione non è in vigore.',
    en: 'The grant is not in force.',
  },
  'no-break-glass': {
    it: 'Questo ruolo non può accedere in emergenza.',
    en: 'This role may not break the glass.',
  },
  'nothing-to-review': {
    it: 'Non c’è nulla da riesaminare.',
    en: 'There is nothing to review.',
  },
} as const satisfies Record<string, Localized>

export type GrantRefusalCode = keyof typeof GRANT_REFUSALS | ReasonCode
export type GrantRefused = Refused<GrantRefusalCode>

export function refuseGrant(code: GrantRefusalCode): GrantRefused {
  return refuse({ ...REASONS, ...GRANT_REFUSALS }, code)
}
