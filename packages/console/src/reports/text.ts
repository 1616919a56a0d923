import type { ReportKind } from './report-maker.ts'

/** Pages of the documents. */
export const reportsText = {
  it: {
    title: 'Documenti',
    lead: 'Documenti per i cittadini, l’autorità e la direzione; ognuno si può verificare in seguito.',
    verify: 'Verifica un documento',
    kinds: {
      register: {
        title: 'Registro dei trattamenti',
        text: 'Titolare e responsabili, dalle regole in vigore (art. 30).',
      },
      transparency: {
        title: 'Resoconto per la pubblicazione',
        text: 'Gli accessi per mese e finalità, senza persone; i numeri piccoli sono riservati.',
      },
      tickets: {
        title: 'Integrità delle pratiche',
        text: 'Pratiche senza accessi, accessi senza pratica, pratiche frazionate, società per società.',
      },
      subject: {
        title: 'Accessi ai dati di una persona',
        text: 'Risponde a una richiesta di accesso (art. 15): si prepara dalla pagina della richiesta.',
      },
    } satisfies Record<ReportKind, { title: string; text: string }>,
    from: 'Dal giorno',
    to: 'Al giorno',
    format: 'Formato',
    formats: { pdf: 'PDF/A, accessibile', html: 'Pagina HTML', json: 'Dati (JSON)' },
    make: 'Prepara il documento',
    consequences: [
      'Il documento si scarica subito; la sua impronta resta nel registro e permette di verificarlo.',
    ],
    ofRequest: 'Richiesta',
    problems: {
      from: 'Indica il primo giorno.',
      to: 'Indica l’ultimo giorno, non prima del primo.',
      format: 'Scegli il formato.',
    },
    refusals: {
      'no-identifier': 'La richiesta non indica con che cosa trovare la persona.',
      several:
        'L’identificativo porta a più persone dello stesso tipo: un resoconto riguarda una persona sola.',
      period: 'Il periodo finisce prima di cominciare.',
    },
    goToRequests: 'Vai alle richieste',
  },
  en: {
    title: 'Documents',
    lead: 'Documents for citizens, the supervisor and the management; each can be checked later.',
    verify: 'Check a document',
    kinds: {
      register: {
        title: 'Register of processing',
        text: 'Controller and processors, from the policy in force (Art. 30).',
      },
      transparency: {
        title: 'Account for publication',
        text: 'Accesses by month and purpose, without people; small numbers are held back.',
      },
      tickets: {
        title: 'Ticket integrity',
        text: 'Tickets without accesses, accesses without a ticket, split tickets, company by company.',
      },
      subject: {
        title: 'Accesses to one person’s data',
        text: 'Answers a request for access (Art. 15): it is made from the page of the request.',
      },
    } satisfies Record<ReportKind, { title: string; text: string }>,
    from: 'From',
    to: 'To',
    format: 'Format',
    formats: { pdf: 'PDF/A, accessible', html: 'HTML page', json: 'Data (JSON)' },
    make: 'Make the document',
    consequences: [
      'The document is downloaded at once; its fingerprint stays in the log and lets it be checked.',
    ],
    ofRequest: 'Request',
    problems: {
      from: 'Give the first day.',
      to: 'Give the last day, not before the first.',
      format: 'Choose the format.',
    },
    refusals: {
      'no-identifier': 'The request does not say by what the person is found.',
      several: 'The identifier leads to several people of one kind: a report is about one person alone.',
      period: 'The period ends before it begins.',
    },
    goToRequests: 'Go to the requests',
  },
} as const
