import type { Unanswerable } from '@varco/reports'
import type { ReportFormat } from './report-formats.ts'
import type { ReportKind, ReportRefusal } from './report-maker.ts'
import type { OrderField } from './order-fields.ts'

type Kinds = Readonly<Record<ReportKind, { title: string; text: string; norm: string }>>
type Refusals = Readonly<Record<ReportRefusal | Unanswerable | 'no-identifier', string>>

const formatsIt = {
  pdf: 'PDF/A, accessibile',
  html: 'Pagina HTML',
  json: 'Dati (JSON)',
  csv: 'Tabella (CSV)',
}
const formatsEn = { pdf: 'PDF/A, accessible', html: 'HTML page', json: 'Data (JSON)', csv: 'Table (CSV)' }

/** Pages of the documents. */
export const reportsText = {
  it: {
    title: 'Documenti',
    lead: 'Documenti per i cittadini, l’autorità e la direzione; ognuno si può verificare in seguito.',
    verify: 'Verifica un documento',
    whatWith: 'Che cosa deve contenere',
    kinds: {
      register: {
        title: 'Registro dei trattamenti',
        text: 'Titolare e responsabili, finalità, categorie, destinatari e termini, dalle regole in vigore.',
        norm: 'GDPR, art. 30',
      },
      audit: {
        title: 'Verifica annuale del registro',
        text: 'Il registro controllato per intero, contato e con gli atti compiuti su di esso, da firmare.',
        norm: 'Garante, provv. 192/2011',
      },
      transparency: {
        title: 'Resoconto per la pubblicazione',
        text: 'Gli accessi per mese e finalità, senza persone; i numeri piccoli sono riservati.',
        norm: 'GDPR, art. 5, par. 1, lett. a',
      },
      drift: {
        title: 'Lavoro fuori dall’allegato',
        text: 'Quanto lavoro di un contratto è nel suo allegato e quanto no, mese per mese.',
        norm: 'GDPR, art. 28, par. 3, lett. a',
      },
      tickets: {
        title: 'Integrità delle pratiche',
        text: 'Pratiche senza accessi, accessi senza pratica, pratiche frazionate, società per società.',
        norm: 'D.Lgs. 36/2023, art. 114',
      },
      exit: {
        title: 'Certificato di fine del contratto',
        text: 'Scelta, dichiarazioni e copie della fine di un contratto; se manca qualcosa, che cosa.',
        norm: 'GDPR, art. 28, par. 3, lett. g',
      },
      breach: {
        title: 'Portata di una violazione',
        text: 'Quali dati e di quante persone ha raggiunto una violazione, con la bozza della notifica.',
        norm: 'GDPR, artt. 33 e 34',
      },
      subject: {
        title: 'Accessi ai dati di una persona',
        text: 'Risponde a una richiesta di accesso: si prepara dalla pagina della richiesta.',
        norm: 'GDPR, art. 15',
      },
    } as Kinds,
    fields: {
      from: 'Dal giorno',
      to: 'Al giorno',
      contract: 'Contratto',
      format: 'Formato',
      reference: 'Numero dell’incidente',
      description: 'Che cosa è successo, in una frase',
      aware: 'L’ente ne è venuto a conoscenza',
      operator: 'Pseudonimo di chi aveva le credenziali',
      company: 'Società',
      ticket: 'Pratica',
      grant: 'Autorizzazione',
      request: 'Richiesta al varco',
      node: 'Processo del varco',
      workstation: 'Postazione',
      consequences: 'Probabili conseguenze',
      measures: 'Misure adottate o proposte',
    } satisfies Record<OrderField, string>,
    months: { from: 'Dal mese', to: 'Al mese' },
    monthHelp: 'Anno e mese, per esempio 2026-11.',
    awareHelp: (zone: string) => `Da qui decorrono le 72 ore. Ora di ${zone}.`,
    any: 'Tutti',
    known: 'Che cosa si sa della violazione',
    knownHelp: 'Ciò che è vuoto non restringe. Tutto ciò che è indicato deve valere insieme.',
    formats: formatsIt,
    formatOf: (kind: ReportKind, format: ReportFormat) =>
      kind === 'breach' && format === 'csv' ? 'Elenco delle persone (CSV), per l’art. 34' : formatsIt[format],
    make: 'Prepara il documento',
    auditTakesTime: 'Il registro viene ricalcolato per intero: con milioni di eventi ci vogliono minuti.',
    peopleAreListed:
      'L’elenco delle persone le nomina: è un file riservato, e la sua consultazione comparirà tra gli accessi ai loro dati.',
    consequences: [
      'Il documento si scarica subito, uno lungo dopo qualche minuto; la sua impronta resta nel registro e permette di verificarlo.',
    ],
    ofRequest: 'Richiesta',
    problems: {
      from: 'Indica l’inizio del periodo.',
      to: 'Indica la fine del periodo, non prima dell’inizio.',
      contract: 'Scegli il contratto.',
      format: 'Scegli il formato.',
      reference: 'Indica il numero dell’incidente.',
      description: 'Scrivi che cosa è successo, in non più di 2.000 caratteri.',
      aware: 'Indica giorno e ora, non dopo adesso e non prima dell’inizio del periodo.',
      operator: 'Non ha la forma di uno pseudonimo.',
      company: 'Scegli una società dell’elenco.',
      ticket: 'Non ha la forma di un numero di pratica.',
      grant: 'Non ha la forma di un numero di autorizzazione.',
      request: 'Non ha la forma di un numero di richiesta.',
      node: 'Non ha la forma di un nome di processo.',
      workstation: 'Non ha la forma di un nome di postazione.',
      consequences: 'Non più di 2.000 caratteri.',
      measures: 'Non più di 2.000 caratteri.',
    } satisfies Record<OrderField, string>,
    refusals: {
      closed: 'La richiesta ha già il suo esito: non si prepara più nulla.',
      'other-right': 'La richiesta non è di accesso: il resoconto risponde soltanto a quelle.',
      unconfirmed: 'Prima va confermata l’identità di chi chiede: il resoconto contiene dati personali.',
      'no-identifier': 'La richiesta non indica con che cosa trovare la persona.',
      several:
        'L’identificativo porta a più persone dello stesso tipo: un resoconto riguarda una persona sola.',
      period: 'Il periodo finisce prima di cominciare.',
      month: 'Nel periodo non c’è un mese intero già finito: si pubblicano soltanto quelli.',
      'no-exit': 'La fine di questo contratto non è stata aperta.',
      busy: 'Una verifica del registro è già in corso: riprova tra qualche minuto.',
      full: 'Si stanno già preparando altri documenti lunghi: riprova tra qualche minuto.',
      own: 'Un tuo documento lungo è ancora in preparazione: quando è pronto, o se lo annulli, puoi chiederne un altro.',
      'not-written':
        'Il documento non si può preparare: il disco del server non ha spazio o non permette di scrivere. Avvisa chi lo gestisce.',
    } as Refusals,
  },
  en: {
    title: 'Documents',
    lead: 'Documents for citizens, the supervisor and the management; each can be checked later.',
    verify: 'Check a document',
    whatWith: 'What it is to contain',
    kinds: {
      register: {
        title: 'Register of processing',
        text: 'Controller and processors, purposes, categories, recipients and terms, from the policy in force.',
        norm: 'GDPR, Art. 30',
      },
      audit: {
        title: 'Yearly audit of the log',
        text: 'The log verified whole, counted, with what was done to it, to be signed.',
        norm: 'Garante, decision 192/2011',
      },
      transparency: {
        title: 'Account for publication',
        text: 'Accesses by month and purpose, without people; small numbers are held back.',
        norm: 'GDPR, Art. 5(1)(a)',
      },
      drift: {
        title: 'Work outside the annex',
        text: 'How much of a contract’s work is in its annex and how much is not, month by month.',
        norm: 'GDPR, Art. 28(3)(a)',
      },
      tickets: {
        title: 'Ticket integrity',
        text: 'Tickets without accesses, accesses without a ticket, split tickets, company by company.',
        norm: 'D.Lgs. 36/2023, Art. 114',
      },
      exit: {
        title: 'Certificate of a contract’s exit',
        text: 'Choice, declarations and copies of a contract’s end; where something is missing, what.',
        norm: 'GDPR, Art. 28(3)(g)',
      },
      breach: {
        title: 'Scope of a breach',
        text: 'Which data, and of how many people, a breach reached, with the notification in draft.',
        norm: 'GDPR, Art. 33 and 34',
      },
      subject: {
        title: 'Accesses to one person’s data',
        text: 'Answers a request for access: it is made from the page of the request.',
        norm: 'GDPR, Art. 15',
      },
    } as Kinds,
    fields: {
      from: 'From',
      to: 'To',
      contract: 'Contract',
      format: 'Format',
      reference: 'Number of the incident',
      description: 'What happened, in a sentence',
      aware: 'The body became aware',
      operator: 'Pseudonym of who had the credentials',
      company: 'Company',
      ticket: 'Ticket',
      grant: 'Grant',
      request: 'Request to the proxy',
      node: 'Process of the proxy',
      workstation: 'Workstation',
      consequences: 'Likely consequences',
      measures: 'Measures taken or proposed',
    } satisfies Record<OrderField, string>,
    months: { from: 'From month', to: 'To month' },
    monthHelp: 'Year and month, such as 2026-11.',
    awareHelp: (zone: string) => `The 72 hours start here. By the clocks of ${zone}.`,
    any: 'All',
    known: 'What is known of the breach',
    knownHelp: 'What is empty narrows nothing. All that is given must hold together.',
    formats: formatsEn,
    formatOf: (kind: ReportKind, format: ReportFormat) =>
      kind === 'breach' && format === 'csv' ? 'List of the people (CSV), for Art. 34' : formatsEn[format],
    make: 'Make the document',
    auditTakesTime: 'The whole log is recomputed: with millions of events it takes minutes.',
    peopleAreListed:
      'The list of the people names them: it is a restricted file, and its reading will stand among the accesses to their data.',
    consequences: [
      'The document is downloaded at once, a long one after some minutes; its fingerprint stays in the log and lets it be checked.',
    ],
    ofRequest: 'Request',
    problems: {
      from: 'Give the beginning of the period.',
      to: 'Give the end of the period, not before its beginning.',
      contract: 'Choose the contract.',
      format: 'Choose the format.',
      reference: 'Give the number of the incident.',
      description: 'Write what happened, in no more than 2,000 characters.',
      aware: 'Give day and time, not later than now and not before the period begins.',
      operator: 'It does not look like a pseudonym.',
      company: 'Choose a company from the list.',
      ticket: 'It does not look like a ticket’s number.',
      grant: 'It does not look like a grant’s number.',
      request: 'It does not look like a request’s number.',
      node: 'It does not look like a process’s name.',
      workstation: 'It does not look like a workstation’s name.',
      consequences: 'No more than 2,000 characters.',
      measures: 'No more than 2,000 characters.',
    } satisfies Record<OrderField, string>,
    refusals: {
      closed: 'The request has its outcome: nothing more is made for it.',
      'other-right': 'The request is not one of access: the report answers those alone.',
      unconfirmed: 'The identity of who asks must be confirmed first: the report holds personal data.',
      'no-identifier': 'The request does not say by what the person is found.',
      several: 'The identifier leads to several people of one kind: a report is about one person alone.',
      period: 'The period ends before it begins.',
      month: 'No month of the period is whole and over: only those are published.',
      'no-exit': 'No exit of this contract was opened.',
      busy: 'The log is being verified already: try again in a few minutes.',
      full: 'Other long documents are being made already: try again in a few minutes.',
      own: 'A long document of yours is still being made: once it is ready, or you give it up, you can ask for another.',
      'not-written':
        'The document cannot be made: the server’s disk is full or may not be written. Tell who runs it.',
    } as Refusals,
  },
} as const
