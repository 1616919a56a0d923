export const workText = {
  it: {
    title: 'Dichiara il lavoro fuori sistema',
    lead: 'Ore di un mese passate all’accoglienza, in fiera, su pratiche di carta: senza nome e senza accesso.',
    signedIn:
      'Sei riconosciuto in questa finestra: qui una dichiarazione non si può consegnare, perché la console saprebbe di chi è. Apri questo indirizzo in una finestra anonima, meglio da un’altra rete, oppure esci.',
    token: 'Il tuo gettone',
    tokenHelp: 'Tutto il testo del file che hai salvato ritirandolo.',
    hours: 'Ore per finalità',
    hoursHelp: 'Ore intere del mese del gettone; lascia vuoto dove non hai lavorato.',
    submit: 'Consegna la dichiarazione',
    once: 'Un gettone vale una volta. La dichiarazione non si cambia e non si ritira. Si conta quando il mese è chiuso, insieme a quelle di almeno altre quattro persone.',
    done: 'La dichiarazione è stata presa in consegna. Cancella il file del gettone.',
    noToken: 'Questo non è un gettone.',
  },
  en: {
    title: 'Declare work off the system',
    lead: 'Hours of a month at the reception, at trade fairs, over files on paper: without a name and without signing in.',
    signedIn:
      'You are known in this window: no declaration can be handed in here, for the console would know whose it is. Open this address in a private window, best from another network, or sign out.',
    token: 'Your token',
    tokenHelp: 'The whole text of the file you kept when you took it.',
    hours: 'Hours by purpose',
    hoursHelp: 'Whole hours of the token’s month; leave empty what you did not work on.',
    submit: 'Hand the declaration in',
    once: 'A token counts once. The declaration can be neither changed nor taken back. It is counted when the month is closed, together with those of at least four other people.',
    done: 'The declaration has been taken in. Delete the token’s file.',
    noToken: 'This is no token.',
  },
} as const
