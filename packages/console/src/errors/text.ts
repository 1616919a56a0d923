/** Pages shown when the page asked for cannot be. */
export const errorText = {
  it: {
    requestNumber: 'Numero della richiesta:',
    backHome: 'Torna alla pagina iniziale',
    tryAgain: 'Riprova',
    signInAgain: 'Accedi di nuovo',
    notFoundTitle: 'Pagina non trovata',
    notFoundLead: 'L’indirizzo non corrisponde a nessuna pagina, o la voce cercata non esiste.',
    forbiddenTitle: 'Accesso non consentito',
    forbiddenLead: 'Il tuo incarico attuale non permette di vedere questa pagina.',
    yourRoles: 'I tuoi incarichi in corso:',
    neededRoles: 'La pagina è riservata a chi ha l’incarico di:',
    noAssignment: 'Non risulta alcun incarico interno in corso a tuo nome.',
    forbiddenHelp: 'Se pensi che sia un errore, rivolgiti a chi gestisce gli incarichi nella tua struttura.',
    badFormTitle: 'Richiesta non accettata',
    badFormLead:
      'Il modulo inviato non proviene da una pagina aperta in questa sessione, oppure la sessione è cambiata nel frattempo. Torna alla pagina, ricaricala e invia di nuovo.',
    unavailableTitle: 'Servizio momentaneamente non disponibile',
    unavailableLead:
      'Un archivio necessario non risponde. Nessun dato è stato mostrato. Il servizio riprende da solo appena l’archivio torna raggiungibile.',
    faultTitle: 'Si è verificato un errore',
    faultLead:
      'La pagina non può essere mostrata. L’errore è stato annotato nel registro tecnico, senza dati personali.',
    loginRefusedTitle: 'Accesso non riuscito',
    loginRefusedLead:
      'Il servizio di identità non ha confermato l’accesso, oppure la richiesta è scaduta. Si può ricominciare da capo.',
  },
  en: {
    requestNumber: 'Request number:',
    backHome: 'Back to the home page',
    tryAgain: 'Try again',
    signInAgain: 'Sign in again',
    notFoundTitle: 'Page not found',
    notFoundLead: 'The address is that of no page, or the entry looked for does not exist.',
    forbiddenTitle: 'Access not permitted',
    forbiddenLead: 'Your current assignment does not let you see this page.',
    yourRoles: 'Your current assignments:',
    neededRoles: 'The page is for people with the role of:',
    noAssignment: 'No current internal assignment is recorded in your name.',
    forbiddenHelp: 'If you think this is a mistake, ask whoever manages assignments in your office.',
    badFormTitle: 'Request not accepted',
    badFormLead:
      'The form was not sent from a page opened in this session, or the session has changed since. Go back to the page, reload it and send the form again.',
    unavailableTitle: 'Service not available at the moment',
    unavailableLead:
      'A store the console needs does not answer. No data was shown. The service resumes by itself as soon as the store can be reached again.',
    faultTitle: 'Something went wrong',
    faultLead: 'The page cannot be shown. The fault was noted in the technical log, without personal data.',
    loginRefusedTitle: 'Sign-in failed',
    loginRefusedLead:
      'The identity provider did not confirm the sign-in, or the request has expired. You can start again.',
  },
} as const
