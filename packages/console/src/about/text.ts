export const aboutText = {
  it: {
    title: 'Dichiarazione di accessibilità',
    lead: (body: string) =>
      `${body} si impegna a rendere questa console accessibile, conformemente alla legge 9 gennaio 2004, n. 4 e alla norma UNI CEI EN 301549.`,
    sections: [
      {
        title: 'Stato di conformità',
        paragraphs: [
          'Le pagine sono costruite secondo le WCAG 2.2, livelli A e AA. A ogni modifica del programma ogni pagina viene controllata in un browser vero, a grandezza di computer e di telefono, con uno strumento automatico di verifica. Gli strumenti automatici non trovano tutto: le segnalazioni di chi usa la console sono benvenute.',
        ],
      },
      {
        title: 'Come sono fatte le pagine',
        paragraphs: [
          'Funzionano senza JavaScript e con la sola tastiera. Nessuna informazione è affidata al solo colore. I grafici hanno sempre accanto la tabella degli stessi numeri. Su schermi stretti le tabelle si dispongono in verticale e restano tabelle per chi usa un lettore di schermo. Le pagine si possono stampare.',
        ],
      },
      {
        title: 'Contenuti non accessibili',
        paragraphs: [
          'Le impronte crittografiche e la voce originale del registro sono sequenze di caratteri senza significato per chi le ascolta: il loro esito è sempre spiegato anche a parole.',
        ],
      },
    ],
    feedbackTitle: 'Segnalazioni',
    feedback:
      'Per segnalare un problema di accessibilità, o chiedere un’informazione in un altro formato, scrivi a:',
    enforcementTitle: 'Procedura di attuazione',
    enforcement:
      'Se la risposta non arriva entro trenta giorni o non è soddisfacente, ci si può rivolgere al Difensore civico per il digitale presso l’Agenzia per l’Italia digitale (AGID).',
  },
  en: {
    title: 'Accessibility statement',
    lead: (body: string) =>
      `${body} is committed to making this console accessible, under Italian Law no. 4 of 9 January 2004 and the standard EN 301 549.`,
    sections: [
      {
        title: 'Compliance status',
        paragraphs: [
          'The pages are built to WCAG 2.2, levels A and AA. At each change of the program every page is checked in a real browser, at the size of a computer and of a telephone, with an automatic checker. Automatic checkers do not find everything: reports from those who use the console are welcome.',
        ],
      },
      {
        title: 'How the pages are made',
        paragraphs: [
          'They work without JavaScript and with the keyboard alone. Nothing is told by colour alone. Charts always have the table of the same figures beside them. On narrow screens tables are laid out vertically and remain tables for screen readers. Pages can be printed.',
        ],
      },
      {
        title: 'Content that is not accessible',
        paragraphs: [
          'Cryptographic fingerprints and the original entry of the log are sequences of characters that mean nothing to a listener: their result is always explained in words too.',
        ],
      },
    ],
    feedbackTitle: 'Feedback',
    feedback: 'To report an accessibility problem, or ask for information in another format, write to:',
    enforcementTitle: 'Enforcement procedure',
    enforcement:
      'If no answer comes within thirty days, or the answer is not satisfactory, one may turn to the Digital Ombudsman at the Agency for Digital Italy (AGID).',
  },
} as const
