import type { Locale, Localized } from '@varco/core'
import type { AlertRuleId } from '@varco/oversight'

/** What each rule of the watch asks about, in a line. */
const TITLES: Readonly<Record<AlertRuleId, Localized>> = {
  'no-ticket': { it: 'Accessi senza pratica', en: 'Accesses without a ticket' },
  'ticket-of-another': { it: 'Pratica di un altro interessato', en: 'Ticket about another data subject' },
  'ticket-after-access': { it: 'Pratica aperta dopo l’accesso', en: 'Ticket opened after the access' },
  self: { it: 'Dati propri', en: 'One’s own data' },
  family: { it: 'Dati di un familiare', en: 'Data of a relative' },
  colleague: { it: 'Dati di un collega', en: 'Data of a colleague' },
  vip: { it: 'Fascicolo riservato', en: 'Protected file' },
  canary: { it: 'Record esca', en: 'Canary record' },
  'after-termination': { it: 'Accessi dopo la fine', en: 'Accesses after the end' },
  'out-of-area': { it: 'Fuori dalle regioni assegnate', en: 'Outside the regions assigned' },
  volume: { it: 'Molti interessati in un giorno', en: 'Many data subjects on one day' },
  breadth: { it: 'Molti interessati nel tempo', en: 'Many data subjects over time' },
  'retried-elsewhere': { it: 'Negato, poi ottenuto altrimenti', en: 'Denied, then obtained otherwise' },
  'judicial-probing': { it: 'Tentativi su dati giudiziari', en: 'Attempts on judicial data' },
  'off-hours': { it: 'Fuori dall’orario di lavoro', en: 'Outside working hours' },
  'ticket-splitting': { it: 'Pratiche frazionate', en: 'Split tickets' },
}

export function alertTitle(rule: AlertRuleId, locale: Locale): string {
  return TITLES[rule][locale]
}

export function isAlertRule(text: string): text is AlertRuleId {
  return Object.hasOwn(TITLES, text)
}
