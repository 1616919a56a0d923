export const homeText = {
  it: {
    title: 'Oggi',
    lead: (day: string) => `Gli accessi del ${day}, fino a questo momento.`,
    permitted: 'Consentiti',
    ofWhichMasked: (count: string) => `di cui ${count} in parte mascherati`,
    denied: 'Negati',
    total: 'Accessi chiesti',
    seeThem: 'Vedi nel registro',
    noneYet: 'Oggi non è ancora passato nessun accesso.',
    waitingTitle: 'Che cosa aspetta una persona',
    nothingWaits: 'Nulla, in questo momento.',
    overdueRequests: (n: number) =>
      n === 1 ? 'Una richiesta di un interessato è scaduta' : `${n} richieste di interessati sono scadute`,
    requestsDueSoon: (n: number) =>
      n === 1 ? 'Una richiesta scade entro sette giorni' : `${n} richieste scadono entro sette giorni`,
    openAlerts: (n: number) => (n === 1 ? 'Una segnalazione da chiarire' : `${n} segnalazioni da chiarire`),
    plansToApprove: (n: number) =>
      n === 1 ? 'Un piano di cancellazione da approvare' : `${n} piani di cancellazione da approvare`,
    overdueRetention: (n: number) =>
      n === 1 ? 'Un lavoro di conservazione è in ritardo' : `${n} lavori di conservazione sono in ritardo`,
    holdsToReview: (n: number) => (n === 1 ? 'Un blocco da riesaminare' : `${n} blocchi da riesaminare`),
    emergenciesToReview: (n: number) =>
      n === 1 ? 'Il riesame di un’emergenza è in ritardo' : `I riesami di ${n} emergenze sono in ritardo`,
    stepsToConfirm: (n: number) =>
      n === 1
        ? 'Un passo di un contratto attende una seconda persona'
        : `${n} passi di contratti attendono una seconda persona`,
    openingsToDecide: (n: number) =>
      n === 1
        ? 'L’apertura di un’identità attende una seconda persona'
        : `Le aperture di ${n} identità attendono una seconda persona`,
    noticesToSend: (n: number) =>
      n === 1 ? 'Un destinatario da informare' : `${n} destinatari da informare`,
    silent: (at: string) =>
      `Il registro non dà segno dal ${at}: finché nessun processo scrive, nulla può essere mostrato né àncorato.`,
    monthsByContractor: 'Accessi per mese e società',
    monthsByPurpose: 'Accessi per mese e finalità',
    fewerThanFive: 'riservato',
    monthsNote: 'Dove le persone al lavoro erano meno di cinque il numero è riservato.',
    byHour: 'Accessi per ora del giorno',
    hour: 'Ora',
    byContractor: 'Per società',
    contractor: 'Società',
    byPurpose: 'Per finalità',
    purpose: 'Finalità',
    noPurpose: 'Non indicata',
    whyDenied: 'Perché sono stati negati',
    reason: 'Motivo',
    count: 'Accessi',
    share: 'Quota',
    table: 'Mostra i numeri',
    logState: 'Stato del registro',
    logStateText:
      'Ogni processo che scrive nel registro firma un sigillo a ogni scrittura: chi ne conserva uno può provare in seguito che nulla è stato cambiato.',
    writersTitle: 'Che cosa ha scritto ogni processo',
    whole: 'Integro',
    checkedAt: (at: string, events: string) =>
      `Verificato per l’ultima volta il ${at}: ${events} eventi, nessuno cambiato, tolto o spostato.`,
    notWhole: (at: string, findings: string) =>
      `Il registro NON è integro: la verifica del ${at} ha trovato ${findings} anomalie. «varco log verify» dice quali e dove.`,
    neverChecked:
      'Il registro non è ancora stato verificato da qui: succede da sé ogni ora, o con «varco log verify».',
    logNotWhole: 'Il registro non è integro',
    logCheckLate: 'Il registro non è verificato da più di un giorno',
    lateAnchors: (n: number) =>
      n === 1
        ? 'Un’àncora del registro è indietro o in difetto'
        : `${n} àncore del registro sono indietro o in difetto`,
    anchorsUnknown: 'Le àncore fuori dalla base di dati non rispondono in questo momento.',
    noAnchor:
      'Nessuna àncora fuori dalla base di dati: la fine del registro si potrebbe tagliare senza che si veda.',
    anchored: 'ha tutto ciò che il registro contiene.',
    anchorBehind: {
      events: (n: string) => `non ha ancora gli ultimi ${n} eventi.`,
      checkpoints: (n: string) => `non ha ancora gli ultimi ${n} sigilli.`,
    },
    anchorTroubles: {
      cut: 'ricorda più di quanto il registro contenga: il registro è stato accorciato.',
      broken: 'ciò che ricorda non è firmato con una chiave del registro.',
      empty: 'non ricorda nulla di questo registro.',
    },
    writer: 'Processo',
    size: 'Eventi',
    lastCheckpoint: 'Ultimo sigillo',
    root: 'Radice',
    noWriter: 'Nessun processo ha ancora scritto nel registro.',
    nothingForYouTitle: 'Nessuna pagina per il tuo incarico',
    nothingForYou:
      'Il tuo incarico attuale non prevede pagine di questa console. Se pensi che sia un errore, rivolgiti a chi gestisce gli incarichi.',
    welcome: (name: string) => `Buon lavoro, ${name}.`,
  },
  en: {
    title: 'Today',
    lead: (day: string) => `The accesses of ${day}, up to this moment.`,
    permitted: 'Permitted',
    ofWhichMasked: (count: string) => `${count} of them partly masked`,
    denied: 'Denied',
    total: 'Accesses asked for',
    seeThem: 'See in the log',
    noneYet: 'No access has passed the gate today yet.',
    waitingTitle: 'What needs a person',
    nothingWaits: 'Nothing, at the moment.',
    overdueRequests: (n: number) =>
      n === 1 ? 'One request of a data subject is overdue' : `${n} requests of data subjects are overdue`,
    requestsDueSoon: (n: number) =>
      n === 1 ? 'One request is due within seven days' : `${n} requests are due within seven days`,
    openAlerts: (n: number) => (n === 1 ? 'One alert to be cleared up' : `${n} alerts to be cleared up`),
    plansToApprove: (n: number) =>
      n === 1 ? 'One retention plan to be approved' : `${n} retention plans to be approved`,
    overdueRetention: (n: number) =>
      n === 1 ? 'A piece of retention work is late' : `${n} pieces of retention work are late`,
    holdsToReview: (n: number) => (n === 1 ? 'A hold to be reviewed' : `${n} holds to be reviewed`),
    emergenciesToReview: (n: number) =>
      n === 1 ? 'The review of an emergency is late' : `The reviews of ${n} emergencies are late`,
    stepsToConfirm: (n: number) =>
      n === 1
        ? 'A contract’s step waits for a second person'
        : `${n} contracts’ steps wait for a second person`,
    openingsToDecide: (n: number) =>
      n === 1
        ? 'The opening of an identity waits for a second person'
        : `The openings of ${n} identities wait for a second person`,
    noticesToSend: (n: number) => (n === 1 ? 'One recipient to be told' : `${n} recipients to be told`),
    silent: (at: string) =>
      `The log has given no sign since ${at}: while no process writes, nothing can be shown or anchored.`,
    monthsByContractor: 'Accesses by month and company',
    monthsByPurpose: 'Accesses by month and purpose',
    fewerThanFive: 'held back',
    monthsNote: 'Where fewer than five people did the work the figure is held back.',
    byHour: 'Accesses by hour of the day',
    hour: 'Hour',
    byContractor: 'By company',
    contractor: 'Company',
    byPurpose: 'By purpose',
    purpose: 'Purpose',
    noPurpose: 'Not given',
    whyDenied: 'Why they were denied',
    reason: 'Reason',
    count: 'Accesses',
    share: 'Share',
    table: 'Show the figures',
    logState: 'State of the log',
    logStateText:
      'Each process that writes to the log signs a checkpoint at each write: whoever keeps one can prove later that nothing was changed.',
    writersTitle: 'What each process has written',
    whole: 'Whole',
    checkedAt: (at: string, events: string) =>
      `Last verified on ${at}: ${events} events, none changed, taken away or moved.`,
    notWhole: (at: string, findings: string) =>
      `The log is NOT whole: the verification of ${at} found ${findings} anomalies. “varco log verify” says which and where.`,
    neverChecked:
      'The log has not been verified from here yet: it happens by itself every hour, or by “varco log verify”.',
    logNotWhole: 'The log is not whole',
    logCheckLate: 'The log has not been verified for more than a day',
    lateAnchors: (n: number) =>
      n === 1 ? 'An anchor of the log lags or is at fault' : `${n} anchors of the log lag or are at fault`,
    anchorsUnknown: 'The anchors outside the database do not answer at the moment.',
    noAnchor: 'No anchor outside the database: the end of the log could be cut off unseen.',
    anchored: 'has all that the log holds.',
    anchorBehind: {
      events: (n: string) => `has not got the last ${n} events yet.`,
      checkpoints: (n: string) => `has not got the last ${n} checkpoints yet.`,
    },
    anchorTroubles: {
      cut: 'remembers more than the log holds: the log was cut short.',
      broken: 'what it remembers is signed by no key of the log.',
      empty: 'remembers nothing of this log.',
    },
    writer: 'Process',
    size: 'Events',
    lastCheckpoint: 'Last checkpoint',
    root: 'Root',
    noWriter: 'No process has written to the log yet.',
    nothingForYouTitle: 'No page for your assignment',
    nothingForYou:
      'Your current assignment calls for no page of this console. If you think this is a mistake, ask whoever manages assignments.',
    welcome: (name: string) => `Welcome, ${name}.`,
  },
} as const
