export const loginText = {
  it: {
    title: 'Accesso alla console',
    lead: (body: string) =>
      `Il registro degli accessi ai dati personali trattati per conto di ${body}: chi li ha visti, quando, per quale finalità e in base a quale regola.`,
    staffTitle: 'Personale autorizzato',
    staffText:
      'L’accesso avviene con le credenziali di lavoro, attraverso il servizio di identità dell’ente. Varco non conosce e non conserva password.',
    enter: 'Entra con le credenziali dell’ente',
    rulesTitle: 'Che cosa succede quando entri',
    rules: [
      'Vedi solo le pagine previste dal tuo incarico in corso.',
      'Ogni consultazione del registro lascia a sua volta una traccia.',
      'La sessione finisce dopo 30 minuti senza attività, e in ogni caso dopo 10 ore.',
    ],
    companiesTitle: 'Lavori per una società incaricata dall’ente?',
    companiesText:
      'Entra con le credenziali della tua società per vedere che cosa il registro conserva dei tuoi accessi.',
    companiesBefore: 'La tua società non lavora più per l’ente?',
    againTitle: 'Conferma che sei tu',
    againLead: 'Quello che stai per fare richiede che tu abbia dimostrato da poco chi sei.',
    againText:
      'Il servizio di identità ti chiederà di nuovo le credenziali. La conferma vale dieci minuti; poi tornerai alla pagina da cui vieni.',
    againGo: 'Conferma con le credenziali',
    againBack: 'Torna alla pagina iniziale',
    goodbyeTitle: 'Sei uscito dalla console',
    goodbyeLead: 'Ora si conclude anche la sessione presso il servizio di identità.',
    goOn: 'Continua',
  },
  en: {
    title: 'Sign in to the console',
    lead: (body: string) =>
      `The log of accesses to the personal data processed on behalf of ${body}: who saw them, when, for which purpose and under which rule.`,
    staffTitle: 'Authorised staff',
    staffText:
      'You sign in with your work credentials, through the body’s identity provider. Varco neither knows nor keeps passwords.',
    enter: 'Sign in with the body’s credentials',
    rulesTitle: 'What happens when you sign in',
    rules: [
      'You see only the pages your current assignment calls for.',
      'Each reading of the log leaves a trace of its own.',
      'The session ends after 30 minutes without activity, and in any case after 10 hours.',
    ],
    companiesTitle: 'Do you work for a company engaged by the body?',
    companiesText: 'Sign in with your company’s credentials to see what the log keeps of your accesses.',
    companiesBefore: 'Does your company work for the body no more?',
    againTitle: 'Confirm that it is you',
    againLead: 'What you are about to do asks that you have proved lately who you are.',
    againText:
      'The identity provider will ask for your credentials again. The proof holds for ten minutes; you will then come back to the page you were on.',
    againGo: 'Confirm with my credentials',
    againBack: 'Back to the home page',
    goodbyeTitle: 'You have signed out of the console',
    goodbyeLead: 'Your session at the identity provider now ends too.',
    goOn: 'Go on',
  },
} as const
