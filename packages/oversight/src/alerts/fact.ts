import type { Locale, Localized } from '@varco/core'

/** One thing that is so, and that somebody can check: ids, codes and counts, never a value of a record. */
export type Fact =
  | { readonly code: 'no-ticket'; readonly purpose: string }
  | { readonly code: 'unknown-ticket'; readonly ticket: string }
  | { readonly code: 'ticket-of-another'; readonly ticket: string }
  | { readonly code: 'ticket-opened-after'; readonly ticket: string; readonly minutes: number }
  | { readonly code: 'own-data' }
  | { readonly code: 'same-household' }
  | { readonly code: 'rare-surname'; readonly expected: number }
  | { readonly code: 'colleague' }
  | { readonly code: 'on-vip-list' }
  | { readonly code: 'canary' }
  | { readonly code: 'canary-record' }
  | { readonly code: 'contract-ended'; readonly at: number }
  | { readonly code: 'assignment-ended'; readonly at: number }
  | { readonly code: 'outside-regions' }
  | { readonly code: 'refused'; readonly resource: string; readonly reason: string; readonly event: string }
  | {
      readonly code: 'then-shown'
      readonly resource: string
      readonly minutes: number
      readonly change: 'purpose' | 'ticket' | 'name'
    }
  | { readonly code: 'judicial-data'; readonly resource: string }
  | { readonly code: 'outside-hours' }
  | { readonly code: 'without-explanation' }
  | {
      readonly code: 'people-in-a-day'
      readonly people: number
      readonly median: number
      readonly peers: number
    }
  | {
      readonly code: 'people-over-time'
      readonly people: number
      readonly municipalities: number
      readonly days: number
      readonly median: number
      readonly peers: number
    }
  | {
      readonly code: 'tickets-split'
      readonly purpose: string
      readonly tickets: readonly string[]
      readonly days: number
    }
  | {
      readonly code: 'so-many'
      readonly count: number
      readonly of: 'events' | 'people'
      readonly days: number
    }

/** The fact as a sentence. */
export function describeFact(fact: Fact, locale: Locale): string {
  return sentence(fact)[locale]
}

function sentence(fact: Fact): Localized {
  switch (fact.code) {
    case 'no-ticket':
      return {
        it: `Nessuna pratica indicata per la finalità ${fact.purpose}, che si svolge su pratica.`,
        en: `No ticket was given for the purpose ${fact.purpose}, which works by ticket.`,
      }
    case 'unknown-ticket':
      return { it: `La pratica ${fact.ticket} non esiste.`, en: `The ticket ${fact.ticket} does not exist.` }
    case 'ticket-of-another':
      return {
        it: `La pratica ${fact.ticket} riguarda un altro interessato.`,
        en: `The ticket ${fact.ticket} is about another data subject.`,
      }
    case 'ticket-opened-after':
      return {
        it: `La pratica ${fact.ticket} è stata aperta ${fact.minutes} minuti dopo l’accesso.`,
        en: `The ticket ${fact.ticket} was opened ${fact.minutes} minutes after the access.`,
      }
    case 'own-data':
      return { it: 'L’interessato è chi guarda.', en: 'The data subject is the person who looked.' }
    case 'same-household':
      return {
        it: 'L’interessato abita allo stesso indirizzo di chi guarda.',
        en: 'The data subject lives at the same address as the person who looked.',
      }
    case 'rare-surname':
      return {
        it: `L’interessato ha lo stesso cognome di chi guarda e vive nello stesso comune, dove per caso se ne attenderebbero ${fact.expected}.`,
        en: `The data subject bears the same surname and lives in the same municipality as the person who looked, where chance would give ${fact.expected}.`,
      }
    case 'colleague':
      return {
        it: 'L’interessato è un collega di chi guarda.',
        en: 'The data subject is a colleague of the person who looked.',
      }
    case 'on-vip-list':
      return {
        it: 'L’interessato è tra i fascicoli riservati.',
        en: 'The data subject is on the list of protected files.',
      }
    case 'canary':
      return {
        it: 'Il record è un’esca: non riguarda nessuno.',
        en: 'The record is a canary: it is about nobody.',
      }
    case 'canary-record':
      return {
        it: 'Tra i record mostrati c’è un’esca, che nessun compito onesto tocca.',
        en: 'Among the records shown is a canary, which no honest task touches.',
      }
    case 'contract-ended':
      return { it: 'Il contratto era già cessato.', en: 'The contract had ended.' }
    case 'assignment-ended':
      return { it: 'L’incarico era già cessato.', en: 'The assignment had ended.' }
    case 'outside-regions':
      return {
        it: 'L’interessato è fuori dalle regioni assegnate.',
        en: 'The data subject is outside the regions assigned.',
      }
    case 'refused':
      return {
        it: `L’accesso a ${fact.resource} era stato negato (${fact.reason}, evento ${fact.event}).`,
        en: `Access to ${fact.resource} had been denied (${fact.reason}, event ${fact.event}).`,
      }
    case 'then-shown':
      return {
        it: `Dopo ${fact.minutes} minuti ${fact.resource} è stato mostrato cambiando ${CHANGED[fact.change].it}.`,
        en: `${fact.minutes} minutes later ${fact.resource} was shown by changing the ${CHANGED[fact.change].en}.`,
      }
    case 'judicial-data':
      return {
        it: `${fact.resource} contiene dati giudiziari (art. 10 GDPR).`,
        en: `${fact.resource} holds judicial data (GDPR Art. 10).`,
      }
    case 'outside-hours':
      return { it: 'L’accesso è fuori dall’orario di lavoro.', en: 'The access is outside working hours.' }
    case 'without-explanation':
      return {
        it: 'Nessuna pratica, autorizzazione o incarico spiega l’accesso.',
        en: 'No ticket, grant or assignment explains the access.',
      }
    case 'people-in-a-day':
      return {
        it: `${fact.people} interessati in un giorno; la mediana di ${fact.peers} colleghi è ${fact.median}.`,
        en: `${fact.people} data subjects on one day; the median of ${fact.peers} peers is ${fact.median}.`,
      }
    case 'people-over-time':
      return {
        it: `${fact.people} interessati di ${fact.municipalities} comuni in ${fact.days} giorni senza spiegazione; la mediana di ${fact.peers} colleghi è ${fact.median}.`,
        en: `${fact.people} data subjects of ${fact.municipalities} municipalities in ${fact.days} days without an explanation; the median of ${fact.peers} peers is ${fact.median}.`,
      }
    case 'tickets-split':
      return {
        it: `${fact.tickets.length} pratiche per lo stesso interessato e la stessa finalità (${fact.purpose}) in ${fact.days} giorni.`,
        en: `${fact.tickets.length} tickets about one data subject for one purpose (${fact.purpose}) within ${fact.days} days.`,
      }
    case 'so-many': {
      const [it, en] = fact.of === 'events' ? ['accessi', 'accesses'] : ['interessati', 'data subjects']
      return {
        it: `${fact.count} ${it} ${fact.days === 1 ? 'in un giorno' : `in ${fact.days} giorni`}.`,
        en: `${fact.count} ${en} ${fact.days === 1 ? 'on one day' : `in ${fact.days} days`}.`,
      }
    }
  }
}

const CHANGED = {
  purpose: { it: 'la finalità', en: 'purpose' },
  ticket: { it: 'la pratica', en: 'ticket' },
  name: { it: 'operatore', en: 'operator' },
} as const
