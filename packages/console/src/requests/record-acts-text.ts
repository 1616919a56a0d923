import type { RecordActName } from './record-acts.ts'

interface ActWords {
  readonly title: string
  readonly button: string
  readonly consequences: readonly string[]
}

/** Words of what a request does to records. */
export const recordActsText = {
  it: {
    acts: {
      erase: {
        title: 'Prepara la cancellazione',
        button: 'Prepara il piano',
        consequences: [
          'Nasce un piano che dice, per ogni record dell’interessato, se va cancellato, limitato o trattenuto, e in base a quale norma.',
          'Nessun record viene toccato ora: servono gli accordi previsti e l’esecuzione, come per ogni piano.',
          'Alla fine l’esito di ogni record si vede qui, e a ogni destinatario resta una comunicazione da fare (art. 19).',
        ],
      },
      restrict: {
        title: 'Limita il trattamento',
        button: 'Limita i record',
        consequences: [
          'Da subito nessuno vede più i record dell’interessato, tranne dove la legge lo consente (art. 18, par. 2).',
          'A ogni destinatario resta una comunicazione da fare (art. 19).',
          'Prima di togliere la limitazione l’interessato va informato (art. 18, par. 3).',
        ],
      },
    } satisfies Record<RecordActName, ActWords>,
    recordsTitle: 'I record dell’interessato',
    confirmFirst: 'Prima va confermata l’identità di chi chiede, e serve un identificativo.',
    reason: 'Quale caso dell’art. 18, par. 1',
    reasonHelp: 'Almeno dieci caratteri, senza dati di altre persone.',
    planMade: 'Piano fatto',
    planCaption: 'Piani di cancellazione di questa richiesta',
    plan: 'Piano',
    records: 'Record',
    state: 'Stato',
    outcomeTitle: 'Che cosa ne è stato',
    outcomes: { erased: 'Cancellati', restricted: 'Limitati', withheld: 'Trattenuti' },
    norms: 'In base a',
    recipients: 'Da informare (art. 19)',
    noRecipients: 'Nessun destinatario ha visto questi record.',
    erased: 'Il piano è stato fatto.',
    restricted: 'I record dell’interessato sono limitati.',
    refusals: {
      nobody: 'Con questo identificativo i record non conoscono nessuno.',
      several:
        'L’identificativo porta a più persone dello stesso tipo: nessuno può dire di chi siano i record.',
      unconfirmed: 'L’identità di chi chiede non è confermata.',
      reason: 'Indica il caso dell’art. 18, in almeno dieci caratteri.',
    },
  },
  en: {
    acts: {
      erase: {
        title: 'Prepare the erasure',
        button: 'Make the plan',
        consequences: [
          'A plan is made that says of each record of the data subject whether it is to be erased, restricted or withheld, and under which norm.',
          'No record is touched now: it takes the agreements called for and the run, as for every plan.',
          'At the end what became of each record stands here, and each recipient has a notice waiting (Art. 19).',
        ],
      },
      restrict: {
        title: 'Restrict the processing',
        button: 'Restrict the records',
        consequences: [
          'From now on nobody is shown the records of the data subject, but where the law allows it (Art. 18(2)).',
          'Each recipient has a notice waiting (Art. 19).',
          'Before the restriction is lifted the data subject is told (Art. 18(3)).',
        ],
      },
    } satisfies Record<RecordActName, ActWords>,
    recordsTitle: 'The data subject’s records',
    confirmFirst: 'The identity of who asks must be confirmed first, and it takes an identifier.',
    reason: 'Which case of Art. 18(1) it is',
    reasonHelp: 'At least ten characters, without data of other people.',
    planMade: 'Plan made',
    planCaption: 'Plans of erasure of this request',
    plan: 'Plan',
    records: 'Records',
    state: 'State',
    outcomeTitle: 'What became of them',
    outcomes: { erased: 'Erased', restricted: 'Restricted', withheld: 'Withheld' },
    norms: 'Under',
    recipients: 'To be told (Art. 19)',
    noRecipients: 'No recipient has seen these records.',
    erased: 'The plan was made.',
    restricted: 'The data subject’s records are restricted.',
    refusals: {
      nobody: 'By this identifier the records know nobody.',
      several: 'The identifier leads to several people of one kind: nobody can say whose records they are.',
      unconfirmed: 'The identity of who asks is not confirmed.',
      reason: 'Say which case of Art. 18 it is, in at least ten characters.',
    },
  },
} as const
