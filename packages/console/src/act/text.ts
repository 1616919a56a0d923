/** Words of every form that does something. */
export const actText = {
  it: {
    whatHappens: 'Che cosa succede',
    confirmLead: 'Controlla prima di confermare: non è ancora successo nulla.',
    youWrote: 'Hai indicato',
    back: 'Torna indietro senza fare nulla',
    formProblem: 'Il modulo va completato:',
    refused: 'Non è stato fatto nulla.',
    recorded: 'L’operazione è annotata nel registro degli accessi, con il tuo pseudonimo.',
  },
  en: {
    whatHappens: 'What will happen',
    confirmLead: 'Check before you confirm: nothing has happened yet.',
    youWrote: 'You stated',
    back: 'Go back without doing anything',
    formProblem: 'The form is not complete:',
    refused: 'Nothing was done.',
    recorded: 'The act is noted in the access log, under your pseudonym.',
  },
} as const
