import type { Report, ReportProblem } from '@varco/reports'

interface VerifyText {
  readonly title: string
  readonly lead: string
  readonly file: string
  readonly fileHelp: string
  readonly check: string
  readonly offlineTitle: string
  readonly offline: string
  readonly refused: Readonly<Record<'no-file' | 'too-large' | 'too-slow' | 'too-much' | 'busy', string>>
  readonly holds: string
  readonly fails: string
  readonly kinds: Readonly<Record<Report['format'], string>>
  readonly proved: (proved: string, of: string) => string
  readonly fingerprint: string
  readonly more: (count: string) => string
  readonly problems: Readonly<Record<ReportProblem['code'], string>>
}

export const verifyText: Readonly<Record<'it' | 'en', VerifyText>> = {
  it: {
    title: 'Verifica di un documento',
    lead: 'Per chi ha ricevuto una relazione: qui si controlla che sia quella registrata, senza accedere.',
    file: 'Il documento ricevuto',
    fileHelp:
      'Il file PDF, HTML o JSON, fino a 32 MB. Viene letto, controllato e dimenticato: non resta da nessuna parte.',
    check: 'Verifica',
    offlineTitle: 'Senza questo sito',
    offline:
      'La verifica non ha bisogno dell’ente: bastano il documento, la chiave pubblica del registro e il programma, anche senza rete.',
    refused: {
      'no-file': 'Scegli il file da verificare.',
      'too-large': 'Il file supera i 32 MB: si può verificare con il programma, anche senza rete.',
      'too-slow':
        'Il file ha smesso di arrivare, o arriva troppo piano: riprova, o usa il programma, anche senza rete.',
      'too-much':
        'La verifica di questo file chiede troppo a questo sito: si può fare con il programma, anche senza rete.',
      busy: 'Si stanno verificando altri documenti: riprova tra qualche secondo.',
    },
    holds: 'Il documento è quello registrato',
    fails: 'Il documento non è quello registrato',
    kinds: {
      'varco/subject-report': 'Risposta a una richiesta di accesso.',
      'varco/processing-register': 'Registro dei trattamenti.',
      'varco/breach-scope': 'Portata di una violazione.',
      'varco/transparency-report': 'Rapporto di trasparenza.',
      'varco/audit-report': 'Verifica annuale del registro.',
      'varco/scope-drift-report': 'Lavoro fuori dal contratto.',
      'varco/ticket-report': 'Pratiche aperte e problemi risolti.',
      'varco/exit-certificate': 'Uscita da un contratto.',
    },
    proved: (proved, of) => `Accessi provati: ${proved} su ${of}.`,
    fingerprint: 'Impronta (SHA-256):',
    more: (count) => `e altri ${count} problemi`,
    problems: {
      'not-a-report': 'non è una relazione che questa versione conosca',
      'proof-missing': 'manca la prova',
      'bad-key': 'la chiave pubblica non è quella di un registro',
      'bad-signature': 'la firma del registro non è valida con questa chiave',
      'bad-proof': 'la prova non è ben formata',
      'not-in-tree': 'non è nel registro',
      'other-place': 'appartiene a un altro punto del registro',
      'differs-from-entry': 'la relazione dice altro rispetto al registro',
      'content-changed': 'la relazione è stata cambiata dopo essere stata fatta',
    },
  },
  en: {
    title: 'Check a document',
    lead: 'For whoever received a report: here one checks that it is the one that was recorded, without signing in.',
    file: 'The document you received',
    fileHelp:
      'The PDF, HTML or JSON file, up to 32 MB. It is read, checked and forgotten: it is kept nowhere.',
    check: 'Check',
    offlineTitle: 'Without this site',
    offline:
      'The check does not need the body: the document, the log’s public key and the program are enough, without a network too.',
    refused: {
      'no-file': 'Choose the file to check.',
      'too-large': 'The file is larger than 32 MB: the program can check it, without a network too.',
      'too-slow':
        'The file stopped coming, or comes too slowly: try again, or use the program, even offline.',
      'too-much':
        'Checking this file asks too much of this site: it can be done with the program, even offline.',
      busy: 'Other documents are being checked: try again in a few seconds.',
    },
    holds: 'The document is the one that was recorded',
    fails: 'The document is not the one that was recorded',
    kinds: {
      'varco/subject-report': 'Answer to a request of access.',
      'varco/processing-register': 'Register of processing.',
      'varco/breach-scope': 'Scope of a breach.',
      'varco/transparency-report': 'Transparency report.',
      'varco/audit-report': 'Yearly audit of the log.',
      'varco/scope-drift-report': 'Work outside the contract.',
      'varco/ticket-report': 'Tickets opened and matters resolved.',
      'varco/exit-certificate': 'Exit of a contract.',
    },
    proved: (proved, of) => `Accesses proved: ${proved} of ${of}.`,
    fingerprint: 'Fingerprint (SHA-256):',
    more: (count) => `and ${count} more problems`,
    problems: {
      'not-a-report': 'this is no report that this version knows',
      'proof-missing': 'its proof is missing',
      'bad-key': 'the public key is not one of a log',
      'bad-signature': 'the log’s signature does not hold under this key',
      'bad-proof': 'its proof is not well formed',
      'not-in-tree': 'it is not in the log',
      'other-place': 'it belongs to another place in the log',
      'differs-from-entry': 'the report says something else than the log',
      'content-changed': 'the report was changed after it was made',
    },
  },
}
