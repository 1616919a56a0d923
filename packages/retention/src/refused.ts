import type { Localized } from '@varco/core'

const TEXTS = {
  'unknown-plan': { it: 'Il piano non esiste.', en: 'There is no such plan.' },
  'unknown-hold': {
    it: 'Il blocco non esiste o è già stato tolto.',
    en: 'There is no such hold, or it was released.',
  },
  'unknown-restriction': {
    it: 'La limitazione non esiste o è già stata tolta.',
    en: 'There is no such restriction, or it was lifted.',
  },
  'not-informed': {
    it: 'Prima di togliere la limitazione va informato chi l’ha chiesta (art. 18, par. 3).',
    en: 'Who asked for the restriction is told before it is lifted (Art. 18(3)).',
  },
  'review-past': {
    it: 'Il prossimo riesame è nel futuro.',
    en: 'The next review lies in the future.',
  },
  'not-in-plan': {
    it: 'L’autorizzazione elenca record che il piano non contiene.',
    en: 'The approval lists records that the plan does not.',
  },
  'unknown-notice': {
    it: 'La comunicazione non esiste o è già conclusa.',
    en: 'There is no such notice, or it was settled.',
  },
  'own-plan': { it: 'Chi ha fatto il piano non lo approva.', en: 'Who made the plan does not approve it.' },
  'own-event': {
    it: 'Chi ha comunicato un evento da cui il piano dipende non lo approva.',
    en: 'Who told of an event that the plan goes by does not approve it.',
  },
  'same-person': { it: 'Serve una seconda persona.', en: 'It takes a second person.' },
  'not-your-turn': {
    it: 'Si approva in ordine: prima il servizio responsabile, poi il DPO, poi l’autorità.',
    en: 'Approvals have an order: the owner, then the DPO, then the authority.',
  },
  'reference-needed': {
    it: 'L’autorizzazione di un’autorità ha un numero di protocollo.',
    en: 'An authority’s leave has a reference.',
  },
  'not-approved': { it: 'Il piano non è ancora approvato.', en: 'The plan is not approved yet.' },
  'plan-over': { it: 'Il piano è concluso o annullato.', en: 'The plan is over, or was called off.' },
  'not-started': {
    it: 'Il piano non è ancora cominciato: si può annullare.',
    en: 'The plan has not begun yet: it can be called off.',
  },
  'not-running': { it: 'Il piano non è in esecuzione.', en: 'The plan is not running.' },
  'rules-changed': {
    it: 'Le regole o i riferimenti tra le tabelle sono cambiati dopo il piano: rifarlo, e chiuderlo se era cominciato.',
    en: 'The rules, or the references between tables, have changed since the plan: make it anew, and end it if it had begun.',
  },
  'graph-fault': {
    it: 'Una tabella che il catalogo non conosce impedisce l’esecuzione.',
    en: 'A table the catalogue does not know stands in the way.',
  },
  'clock-behind': {
    it: 'L’orologio è prima del giorno del piano.',
    en: 'The clock is before the plan’s day.',
  },
  'changed-meanwhile': {
    it: 'Qualcun altro ha cambiato il piano nel frattempo.',
    en: 'Somebody else changed the plan in the meantime.',
  },
  'impossible-key': {
    it: 'Nessun record e nessun interessato può avere questa chiave.',
    en: 'No record and no data subject can have this key.',
  },
  'unknown-event': {
    it: 'Nessuna regola attende questo evento per questi record.',
    en: 'No rule waits for such an event of such records.',
  },
  'unknown-record': { it: 'Il record non esiste.', en: 'There is no such record.' },
  'no-day': { it: 'Un giorno si scrive come 2026-11-25.', en: 'A day is written as 2026-11-25.' },
  'event-to-come': {
    it: 'L’evento non è ancora avvenuto.',
    en: 'The event has not happened yet.',
  },
  'event-untold': {
    it: 'Nessuno ha comunicato questo evento.',
    en: 'Nobody has told of this event.',
  },
  'too-short': {
    it: 'Manca la pratica o il motivo (almeno dieci caratteri).',
    en: 'The case or the reason is missing (at least ten characters).',
  },
} as const satisfies Record<string, Localized>

export type RetentionRefusal = keyof typeof TEXTS

/** Why an operation changed nothing: a value, never thrown. */
export interface RetentionRefused {
  readonly ok: false
  readonly code: RetentionRefusal
  readonly text: Localized
}

export function refuse(code: RetentionRefusal): RetentionRefused {
  return { ok: false, code, text: TEXTS[code] }
}
