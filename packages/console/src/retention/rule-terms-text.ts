/** What a rule's term waits for, what binds it, and what keeps an anonymised record from being recognised. */
export const ruleTermsText = {
  it: {
    lastOfLabel: 'E dall’ultima data tra i record collegati',
    lastOfHelp:
      'Per esempio dall’ultima fattura di un impianto: il termine decorre dal giorno più recente dei due.',
    noLastOf: 'Nessun record collegato',
    eventLabel: 'E da un evento comunicato',
    eventHelp:
      'Qualcosa che accade al record e non sta in nessuno dei suoi campi, per esempio la chiusura di un fascicolo: lo comunica una persona; finché non accade il record resta. Senza nome breve: nessun evento.',
    eventId: 'Nome breve dell’evento',
    eventIdHelp: 'Minuscole, cifre e trattini, per esempio file-closed.',
    eventIt: 'Come si chiama l’evento in italiano',
    eventEn: 'Come si chiama l’evento in inglese',
    noEvent: 'Nessun evento',
    floorsTitle: 'Termini di altre norme prima dei quali il record resta',
    floorsHelp:
      'Vale il più lungo. Per toglierne uno se ne svuotano durata e norma; l’anteprima aggiornata fa posto per un altro.',
    floor: (n: number) => `Termine ${n}`,
    newFloor: 'Un altro termine',
    noFloor: 'Nessuno',
    floorTrigger: 'Con decorrenza da',
    floorAfter: 'Il record resta almeno per',
    floorAlign: 'Con quale arrotondamento',
    floorNorm: 'La norma che lo impone',
    quasiTitle: 'Campi che insieme direbbero ancora chi era',
    quasiFields: 'Questi campi, insieme',
    quasiHelp:
      'Conta solo se la regola anonimizza: un record si anonimizza solo insieme ad altri uguali in tutti questi campi.',
    quasiLeast: 'Quanti record uguali almeno',
    noQuasi: 'Nessuno',
    alike: (n: number) => `almeno ${n} record uguali`,
  },
  en: {
    lastOfLabel: 'And from the last day among the related records',
    lastOfHelp: 'Such as the last invoice of a plant: the term runs from the later of the two days.',
    noLastOf: 'No related record',
    eventLabel: 'And from an event that is told',
    eventHelp:
      'Something that happens to the record and stands in none of its fields, such as the closing of a file: a person tells it; until it happens the record stays. Without a short name: no event.',
    eventId: 'Short name of the event',
    eventIdHelp: 'Lower case, digits and dashes, such as file-closed.',
    eventIt: 'What the event is called in Italian',
    eventEn: 'What the event is called in English',
    noEvent: 'No event',
    floorsTitle: 'Terms of other norms before which the record stays',
    floorsHelp:
      'The longest holds. To take one away, empty its length and its norm; the refreshed preview makes room for another.',
    floor: (n: number) => `Term ${n}`,
    newFloor: 'Another term',
    noFloor: 'None',
    floorTrigger: 'Counted from',
    floorAfter: 'The record stays at least for',
    floorAlign: 'Rounded up',
    floorNorm: 'The norm that asks for it',
    quasiTitle: 'Fields that together would still tell who it was',
    quasiFields: 'These fields, together',
    quasiHelp:
      'It counts only if the rule anonymises: a record is anonymised only together with others alike in all of these fields.',
    quasiLeast: 'How many alike at least',
    noQuasi: 'None',
    alike: (n: number) => `at least ${n} records alike`,
  },
} as const
