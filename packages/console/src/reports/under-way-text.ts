import { KEPT_MINUTES } from './reports-under-way.ts'
import type { ReportFailure } from './report-maker.ts'

/** Words of documents that take a while. */
export const underWayText = {
  it: {
    title: 'Documento in preparazione',
    readyTitle: 'Documento pronto',
    failedTitle: 'Documento non preparato',
    yours: 'Documenti che hai chiesto',
    making: 'in preparazione',
    ready: 'pronto',
    failed: 'non preparato',
    lead: 'È lungo: ci vuole qualche minuto. Puoi lasciare questa pagina e ritrovarlo tra i documenti.',
    progress: 'Avanzamento',
    gathering: (done: string) => `Accessi raccolti dal registro: ${done}.`,
    settingOf: (done: string, of: string) => `Righe impaginate: ${done} di ${of}.`,
    refresh: 'Aggiorna',
    cancel: 'Annulla la preparazione',
    cancelHelp: 'Del documento non resta nulla.',
    download: 'Scarica il documento',
    keptFor: `Si può scaricare per ${KEPT_MINUTES} minuti; poi va preparato di nuovo.`,
    discard: 'Elimina subito',
    format: 'Formato',
    size: 'Dimensione',
    megabytes: (size: string) => `${size} MB`,
    failures: {
      unavailable:
        'Un servizio necessario non risponde, oppure il registro non può annotare il documento. Riprova tra qualche minuto.',
      'not-written': 'Il disco del server non ha spazio o non permette di scrivere: avvisa chi lo gestisce.',
      fault: 'Si è verificato un guasto: chi gestisce il servizio lo trova nel registro tecnico.',
    } satisfies Record<ReportFailure, string>,
  },
  en: {
    title: 'Document being made',
    readyTitle: 'Document ready',
    failedTitle: 'Document not made',
    yours: 'Documents you asked for',
    making: 'being made',
    ready: 'ready',
    failed: 'not made',
    lead: 'It is long and takes some minutes. You may leave this page and find it again among the documents.',
    progress: 'Progress',
    gathering: (done: string) => `Accesses gathered from the log: ${done}.`,
    settingOf: (done: string, of: string) => `Rows set: ${done} of ${of}.`,
    refresh: 'Refresh',
    cancel: 'Give it up',
    cancelHelp: 'Nothing is left of the document.',
    download: 'Download the document',
    keptFor: `It can be downloaded for ${KEPT_MINUTES} minutes; after that it has to be made again.`,
    discard: 'Remove it now',
    format: 'Format',
    size: 'Size',
    megabytes: (size: string) => `${size} MB`,
    failures: {
      unavailable:
        'A service it needs does not answer, or the log cannot record the document. Try again in some minutes.',
      'not-written': 'The server’s disk is full or may not be written: tell who runs it.',
      fault: 'Something went wrong: who runs the service finds it in the technical log.',
    } satisfies Record<ReportFailure, string>,
  },
} as const
