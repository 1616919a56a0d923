import type { TableFault } from '@varco/engagement'

/** Words of what an outside authority is asked and answers (D.Lgs. 42/2004, art. 21). */
export const authorityText = {
  it: {
    title: 'Autorità esterna',
    about:
      'Lo scarto va autorizzato da un’autorità esterna (D.Lgs. 42/2004, art. 21). Le si manda l’elenco; ciò che non autorizza resta.',
    list: {
      title: 'Elenco per l’autorità',
      button: 'Scarica l’elenco',
      consequences: [
        'Il file nomina i record uno per uno, con la loro chiave, ed esce da Varco.',
        'È annotato nel registro delle copie e va distrutto quando non serve più.',
        'Ciò che nel frattempo non è più al termine, o non c’è più, non vi compare.',
      ],
    },
    format: 'Formato',
    formats: {
      csv: 'CSV (foglio di calcolo)',
      pdf: 'PDF (da protocollare)',
    },
    formatHelp: 'Nel CSV si lasciano le sole righe autorizzate, e lo si riporta qui.',
    agreed: (count: string) => `autorizzati: ${count}`,
    letterLink: 'L’autorità acconsente solo a una parte',
    minutes: 'Scarica il verbale (PDF)',
    letterTitle: 'Autorizzazione in parte',
    letterLead: (plan: string) =>
      `Piano ${plan}: si riporta l’elenco con le sole righe che l’autorità ha autorizzato.`,
    letter: {
      title: 'Riporta l’autorizzazione',
      button: 'Registra l’autorizzazione in parte',
      consequences: [
        'I record che l’elenco non nomina escono dal piano e restano.',
        'Se l’elenco nomina record che il piano non contiene viene rifiutato per intero.',
        'Dopo questa autorizzazione il piano può essere eseguito.',
      ],
    },
    readButton: 'Leggi l’elenco',
    reference: 'Numero di protocollo dell’autorizzazione',
    file: 'L’elenco autorizzato (CSV)',
    fileHelp:
      'L’elenco CSV scaricato da questa pagina, senza le righe che l’autorità ha tolto. Fino a 4 MB; i più lunghi con il comando varco retention approve.',
    perRule: 'Che cosa va e che cosa resta',
    columns: { rule: 'Regola', proposed: 'Proposti', agreed: 'Autorizzati', stay: 'Restano' },
    agreedColumn: 'Autorizzati',
    total: (agreed: string, proposed: string) => `${agreed} record autorizzati su ${proposed}`,
    whole: {
      title: 'Registra l’autorizzazione',
      button: 'Registra l’autorizzazione per tutto l’elenco',
      consequences: (records: string) => [
        `L’autorità ha autorizzato tutti i ${records} record: potranno essere cancellati o anonimizzati per sempre.`,
        'L’autorizzazione vale per questo piano e questa impronta soltanto; chi ha fatto il piano non può registrarla.',
      ],
    },
    partDone: 'L’autorizzazione in parte è registrata.',
    problems: {
      notInPlan: 'L’elenco nomina record che il piano non contiene: risponde a un altro elenco.',
      reference: 'Indica il numero di protocollo.',
      file: 'Scegli il file dell’elenco.',
      large: 'Il file supera i 4 MB: usa il comando varco retention approve.',
      none: 'L’elenco non nomina alcun record: se l’autorità ha negato tutto, annulla il piano.',
      table: (line: number, fault: string) =>
        `Riga ${line}: ${fault}. Colonne attese: rule, resource, key, from.`,
    },
    faults: {
      empty: 'il file non contiene una tabella',
      'open-quote': 'una virgoletta non viene mai chiusa',
      'no-such-column': 'l’intestazione nomina una colonna che non esiste',
      'missing-column': 'all’intestazione manca una colonna',
      'twice-column': 'l’intestazione nomina due volte una colonna',
      'ragged-row': 'la riga ha più o meno celle dell’intestazione',
    } satisfies Record<TableFault, string>,
  },
  en: {
    title: 'Outside authority',
    about:
      'The disposal needs the leave of an outside authority (D.Lgs. 42/2004, art. 21). It is sent the list; what it does not agree to stays.',
    list: {
      title: 'List for the authority',
      button: 'Download the list',
      consequences: [
        'The file names the records one by one, with their key, and leaves Varco.',
        'It is noted in the ledger of copies, and is to be destroyed once it is of no more use.',
        'What is no longer due, or gone, in the meantime is not in it.',
      ],
    },
    format: 'Format',
    formats: {
      csv: 'CSV (spreadsheet)',
      pdf: 'PDF (to be filed)',
    },
    formatHelp: 'In the CSV only the lines that were agreed to are left, and it is brought back here.',
    agreed: (count: string) => `agreed to: ${count}`,
    letterLink: 'The authority agrees to a part only',
    minutes: 'Download the minutes (PDF)',
    letterTitle: 'Leave in part',
    letterLead: (plan: string) =>
      `Plan ${plan}: the list is brought back with those lines alone that the authority agreed to.`,
    letter: {
      title: 'Bring back the leave',
      button: 'Record the leave in part',
      consequences: [
        'The records that the list does not name leave the plan, and stay.',
        'A list that names records the plan does not is refused whole.',
        'After this leave the plan may be carried out.',
      ],
    },
    readButton: 'Read the list',
    reference: 'Reference of the authority’s leave',
    file: 'The list that was agreed to (CSV)',
    fileHelp:
      'The CSV list downloaded from this page, without the lines the authority took out. Up to 4 MB; longer ones by the command varco retention approve.',
    perRule: 'What goes and what stays',
    columns: { rule: 'Rule', proposed: 'Proposed', agreed: 'Agreed to', stay: 'Stay' },
    agreedColumn: 'Agreed to',
    total: (agreed: string, proposed: string) => `${agreed} records agreed to of ${proposed}`,
    whole: {
      title: 'Record the leave',
      button: 'Record the leave for the whole list',
      consequences: (records: string) => [
        `The authority has agreed to all ${records} records: they may be erased or anonymised for ever.`,
        'The leave is for this plan and this fingerprint alone; who made the plan cannot record it.',
      ],
    },
    partDone: 'The leave in part is recorded.',
    problems: {
      notInPlan: 'The list names records that the plan does not: it answers another list.',
      reference: 'Give the reference.',
      file: 'Choose the file of the list.',
      large: 'The file is larger than 4 MB: use the command varco retention approve.',
      none: 'The list names no record: if the authority refused all of them, call the plan off.',
      table: (line: number, fault: string) => `Line ${line}: ${fault}. Columns: rule, resource, key, from.`,
    },
    faults: {
      empty: 'the file holds no table',
      'open-quote': 'a quotation mark is never closed',
      'no-such-column': 'the header names a column that does not exist',
      'missing-column': 'the header lacks a column that is needed',
      'twice-column': 'the header names a column twice',
      'ragged-row': 'the row has more or fewer cells than the header',
    } satisfies Record<TableFault, string>,
  },
} as const
