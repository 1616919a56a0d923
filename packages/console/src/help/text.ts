/** Help on each page, and the keys. */
export const helpText = {
  it: {
    title: 'Aiuto',
    lead: 'A che cosa serve ogni pagina e che cosa succede quando la usi.',
    onThisPage: 'Aiuto su questa pagina',
    contents: 'Argomenti',
    keysTitle: 'Scorciatoie da tastiera',
    keysText:
      'Ogni voce del menu ha un tasto: si preme insieme ai tasti di accesso del browser (Alt+Maiusc in Firefox, Alt in Chrome e Edge, Ctrl+Opzione su Mac). Si può fare tutto con Tab, Maiusc+Tab, Invio e Spazio.',
    key: 'Tasto',
    page: 'Pagina',
    skip: 'Il primo Tab di ogni pagina porta al collegamento che salta il menu.',
    topics: {
      today: {
        title: 'Oggi',
        paragraphs: [
          'In alto sta ciò che aspetta una persona: richieste vicine alla scadenza, segnalazioni, piani da approvare, lavoro di conservazione in ritardo, blocchi ed emergenze da riesaminare, passi di contratti da confermare, identità da aprire in due, un registro che tace o non è integro, un’àncora che resta indietro. Sotto, gli accessi del giorno e dei mesi, contati per società, finalità e motivo. Nessun conto riguarda una singola persona.',
        ],
      },
      log: {
        title: 'Registro degli accessi',
        paragraphs: [
          'Ogni riga è un accesso ai dati, o un atto dell’amministrazione. I filtri restano nell’indirizzo della pagina e si possono salvare con un nome.',
          'Aprendo un evento la prova che sta nel registro viene controllata davanti a te. Un avviso dice se in quel periodo il registro non copre tutto.',
          'Consultare il registro lascia una traccia nel registro. L’esportazione chiede un motivo, una nuova conferma di chi sei, ed entra nel registro delle copie.',
        ],
      },
      'data-subjects': {
        title: 'Interessati',
        paragraphs: [
          'Si cerca una persona solo per una pratica. La ricerca stessa comparirà tra gli accessi ai suoi dati.',
        ],
      },
      alerts: {
        title: 'Segnalazioni',
        paragraphs: [
          'Una segnalazione elenca fatti, mai un punteggio. Spiegarla o confermarla è un atto motivato; dalla conferma decorrono le 72 ore dell’art. 33.',
          'L’identità dietro uno pseudonimo si apre in due, per una pratica e con un motivo. Le aperture chieste, da una segnalazione o con un comando, aspettano la seconda persona in un elenco loro, per un giorno.',
        ],
      },
      grants: {
        title: 'Autorizzazioni',
        paragraphs: [
          'Un’autorizzazione vale per un fascicolo, un’azione e pochi minuti. Chi la chiede non può darla a sé stesso.',
        ],
      },
      contracts: {
        title: 'Contratti',
        paragraphs: ['Come sta ogni contratto, che cosa gli è affidato e a che punto è la sua fine.'],
      },
      policies: {
        title: 'Regole',
        paragraphs: [
          'Le regole in vigore, la loro matrice, i casi di prova e un simulatore. Una nuova versione entra in vigore solo con una seconda persona.',
        ],
      },
      retention: {
        title: 'Conservazione e cancellazione',
        paragraphs: [
          'Un piano elenca ciò che è arrivato al termine. Servono gli accordi previsti, di persone diverse da chi lo ha fatto, poi l’esecuzione; alla fine c’è un certificato firmato.',
          'Dove serve l’autorizzazione di un’autorità esterna, dalla pagina del piano si scarica l’elenco da mandarle e si riporta ciò che ha autorizzato: il resto esce dal piano. Il verbale dice chi ha acconsentito a che cosa.',
          'Da certi eventi, come la chiusura di un’utenza, decorre un termine: li comunica e li corregge l’unità responsabile o l’amministratore, record per record, e vale l’ultima comunicazione. Chi li comunica non può acconsentire al piano che ne dipende.',
          'Un blocco ferma tutto ciò che copre, anche durante l’esecuzione; quando scade il riesame, una persona diversa da chi l’ha posto lo mantiene con un motivo o lo toglie. Una limitazione lascia i dati dove sono e non li mostra più a nessuno; la toglie una persona diversa da chi l’ha posta. Cambiare una regola fa una bozza, con l’anteprima di che cosa sarebbe al termine.',
        ],
      },
      requests: {
        title: 'Richieste degli interessati',
        paragraphs: [
          'Una richiesta di cancellazione diventa un piano sui record dell’interessato, una di limitazione li nasconde subito: l’identità va confermata prima.',
          'Ogni richiesta ha il suo termine, calcolato con i festivi. Identificativo e recapito si vedono solo nella sua pagina, e vederli resta nel registro.',
          'Chi ha ricevuto i dati va informato della cancellazione o della limitazione (art. 19): l’elenco dice a chi scrivere, e di ogni comunicazione si annota come è andata.',
        ],
      },
      reports: {
        title: 'Documenti',
        paragraphs: [
          'Ogni documento ha il suo modulo, che una segnalazione o un contratto può riempire. I documenti si scaricano appena fatti; uno lungo si prepara in qualche minuto, uno alla volta per persona. L’impronta di ognuno sta nel registro: chi lo riceve può verificarlo senza entrare nella console.',
        ],
      },
      verify: {
        title: 'Verifica di un documento',
        paragraphs: [
          'Chiunque, senza entrare, carica un documento di questo ente e sa se è quello registrato. Il documento si legge una volta e non resta qui.',
        ],
      },
      work: {
        title: 'Lavoro fuori sistema',
        paragraphs: [
          'Chi ha ritirato un gettone dichiara le ore del mese passate altrove, senza dire chi è: la pagina non si usa da dove si è entrati. Un gettone vale una volta.',
        ],
      },
      me: {
        title: 'I miei accessi',
        paragraphs: [
          'Quello che il registro conserva di te, le segnalazioni che ti riguardano e chi ha aperto la tua identità. Puoi dire la tua su ogni segnalazione. Resta tutto tuo anche quando l’incarico è finito.',
        ],
      },
    },
  },
  en: {
    title: 'Help',
    lead: 'What each page is for, and what happens when you use it.',
    onThisPage: 'Help on this page',
    contents: 'Topics',
    keysTitle: 'Keyboard shortcuts',
    keysText:
      'Each entry of the menu has a key: press it together with the browser’s access keys (Alt+Shift in Firefox, Alt in Chrome and Edge, Ctrl+Option on a Mac). Everything can be done with Tab, Shift+Tab, Enter and Space.',
    key: 'Key',
    page: 'Page',
    skip: 'The first Tab of each page leads to the link that skips the menu.',
    topics: {
      today: {
        title: 'Today',
        paragraphs: [
          'At the top stands what needs a person: requests near their deadline, alerts, plans to approve, retention work that is late, holds and emergencies to review, contracts’ steps to confirm, identities to open by two, a log that is silent or not whole, an anchor that lags. Below, the accesses of the day and of the months, counted by company, purpose and reason. No count is of a single person.',
        ],
      },
      log: {
        title: 'Access log',
        paragraphs: [
          'Each row is an access to data, or an administrative act. The filters stay in the page’s address and can be saved under a name.',
          'When you open an event the proof that it is in the log is checked in front of you. A notice says where the log does not cover all of a period.',
          'Reading the log leaves a trace in the log. An export asks for a reason and for a new proof of who you are, and enters the ledger of copies.',
        ],
      },
      'data-subjects': {
        title: 'Data subjects',
        paragraphs: [
          'A person is looked for only for a case. The search itself will stand among the accesses to their data.',
        ],
      },
      alerts: {
        title: 'Alerts',
        paragraphs: [
          'An alert lists facts, never a score. Explaining or confirming it is an act with a reason; from the confirmation the 72 hours of Art. 33 run.',
          'The identity behind a pseudonym is opened by two people, for a case and with a reason. Openings that were asked for, at an alert or by command, wait for the second person in a list of their own, for a day.',
        ],
      },
      grants: {
        title: 'Grants',
        paragraphs: [
          'A grant is for one file, one action and a few minutes. Nobody gives one to themselves.',
        ],
      },
      contracts: {
        title: 'Contracts',
        paragraphs: ['How each contract stands, what is entrusted to it and how far its end has come.'],
      },
      policies: {
        title: 'Policies',
        paragraphs: [
          'The policy in force, its matrix, the golden cases and a simulator. A new version comes into force only by a second person.',
        ],
      },
      retention: {
        title: 'Retention and erasure',
        paragraphs: [
          'A plan lists what has reached its term. It takes the agreements called for, by people other than its maker, then the run; at the end there is a signed certificate.',
          'Where the leave of an outside authority is needed, the page of the plan gives the list to send it, and takes back what it agreed to: the rest leaves the plan. The minutes say who agreed to what.',
          'A term runs from some events, such as an account’s closing: the owning unit or the administrator tells and corrects them, record by record, and what is told last counts. Who tells of one cannot agree to a plan that goes by it.',
          'A hold stops all it covers, during the run too; when its review is due, another person than who placed it keeps it on with a reason or releases it. A restriction leaves data where they are and shows them to nobody; another person than who placed it lifts it. Changing a rule makes a draft, with a preview of what would be due.',
        ],
      },
      requests: {
        title: 'Requests of data subjects',
        paragraphs: [
          'A request for erasure becomes a plan over the data subject’s records, one for restriction hides them at once: the identity is confirmed first.',
          'Each request has its deadline, worked out with the holidays. Identifier and address are seen on its own page only, and seeing them stays in the log.',
          'Whoever received the data is told of the erasure or restriction (Art. 19): the list says whom to write to, and of each notice it is noted how it went.',
        ],
      },
      reports: {
        title: 'Documents',
        paragraphs: [
          'Each document has its form, which an alert or a contract can fill in. Documents are downloaded as soon as they are made; a long one takes some minutes, one at a time for each person. The fingerprint of each stands in the log: whoever receives one can check it without entering the console.',
        ],
      },
      verify: {
        title: 'Checking a document',
        paragraphs: [
          'Anybody, without signing in, uploads a document of this body and learns whether it is the one that was recorded. The document is read once and does not stay here.',
        ],
      },
      work: {
        title: 'Work off the system',
        paragraphs: [
          'Whoever took a token declares the month’s hours spent elsewhere, without saying who they are: the page is not used where one is signed in. A token counts once.',
        ],
      },
      me: {
        title: 'My accesses',
        paragraphs: [
          'What the log keeps of you, the alerts about you, and who opened your identity. You can have your say on each alert. It all stays yours when the assignment has ended.',
        ],
      },
    },
  },
} as const
