import { bundleDocumentSchema, type BundleDocument } from '../bundle/schema.ts'

const dpoContact = { name: 'Responsabile della protezione dei dati', email: 'rpd@gse.example' }

const producer = {
  resource: 'producer',
  title: { it: 'Produttore', en: 'Producer' },
  source: { relation: 'gse.producer' },
  key: 'id',
  data_subject: { kind: 'producer', field: 'id' },
  origin: {
    it: 'Fornito dall’interessato con la domanda.',
    en: 'Given by the data subject with the application.',
  },
  fields: {
    id: { type: 'text', category: 'identification', title: { it: 'Codice', en: 'Code' } },
    name: { type: 'text', category: 'identification', title: { it: 'Denominazione', en: 'Name' } },
    tax_code: { type: 'text', category: 'identification', title: { it: 'Codice fiscale', en: 'Tax code' } },
    birth_date: {
      type: 'date',
      category: 'identification',
      title: { it: 'Data di nascita', en: 'Date of birth' },
      nullable: true,
    },
    email: {
      type: 'text',
      category: 'contact',
      title: { it: 'Posta elettronica', en: 'E-mail' },
      nullable: true,
    },
    iban: { type: 'text', category: 'economic', title: { it: 'IBAN', en: 'IBAN' }, nullable: true },
    region: { type: 'text', category: 'contact', title: { it: 'Regione', en: 'Region' } },
  },
}

const invoice = {
  resource: 'invoice',
  title: { it: 'Fattura', en: 'Invoice' },
  source: { relation: 'gse.invoice' },
  key: 'id',
  data_subject: { kind: 'producer', field: 'producer_id' },
  fields: {
    id: { type: 'integer', category: 'economic', title: { it: 'Chiave', en: 'Key' } },
    producer_id: { type: 'text', category: 'identification', title: { it: 'Produttore', en: 'Producer' } },
    number: { type: 'text', category: 'economic', title: { it: 'Numero', en: 'Number' } },
    period: { type: 'text', category: 'economic', title: { it: 'Periodo', en: 'Period' } },
    amount: { type: 'decimal', category: 'economic', title: { it: 'Importo', en: 'Amount' } },
    status: { type: 'text', category: 'economic', title: { it: 'Stato', en: 'Status' } },
    issued_on: {
      type: 'date',
      category: 'economic',
      title: { it: 'Data di emissione', en: 'Issued on' },
      nullable: true,
    },
    iban: { type: 'text', category: 'economic', title: { it: 'IBAN', en: 'IBAN' }, nullable: true },
    tax_code: { type: 'text', category: 'identification', title: { it: 'Codice fiscale', en: 'Tax code' } },
  },
  relations: { producer: { resource: 'producer', field: 'producer_id', to: 'id' } },
}

const antimafiaCheck = {
  resource: 'antimafia_check',
  title: { it: 'Verifica antimafia', en: 'Antimafia check' },
  source: { relation: 'gse.antimafia_check' },
  key: 'id',
  owner: 'antimafia-unit',
  data_subject: { kind: 'producer', field: 'producer_id' },
  fields: {
    id: { type: 'integer', category: 'administrative', title: { it: 'Chiave', en: 'Key' } },
    producer_id: { type: 'text', category: 'identification', title: { it: 'Produttore', en: 'Producer' } },
    status: { type: 'text', category: 'administrative', title: { it: 'Stato', en: 'Status' } },
    requested_on: {
      type: 'date',
      category: 'administrative',
      title: { it: 'Richiesta il', en: 'Requested on' },
    },
    valid_until: {
      type: 'date',
      category: 'administrative',
      title: { it: 'Valida fino al', en: 'Valid until' },
      nullable: true,
    },
    outcome: { type: 'text', category: 'judicial', title: { it: 'Esito', en: 'Outcome' }, nullable: true },
    notes: { type: 'text', category: 'judicial', title: { it: 'Note', en: 'Notes' }, nullable: true },
  },
  relations: { producer: { resource: 'producer', field: 'producer_id', to: 'id' } },
}

const purposes = {
  'invoice-enquiry': {
    title: { it: 'Informazioni sulle fatture', en: 'Invoice enquiry' },
    plain: {
      it: 'Per rispondere a una domanda sullo stato di una fattura.',
      en: 'To answer a question on the state of an invoice.',
    },
    legal_basis: 'public-task',
    norm: 'D.Lgs. 79/1999, art. 3',
    categories: ['identification', 'contact', 'economic'],
  },
  'antimafia-status': {
    title: { it: 'Stato della verifica antimafia', en: 'Antimafia status' },
    plain: {
      it: 'Per dire se la verifica antimafia è valida, scaduta o in corso.',
      en: 'To tell whether the antimafia check is valid, expired or pending.',
    },
    legal_basis: 'legal-obligation',
    norm: 'D.Lgs. 159/2011, artt. 83-91',
    categories: ['identification', 'contact', 'economic', 'administrative'],
  },
  'antimafia-assessment': {
    title: { it: 'Valutazione antimafia', en: 'Antimafia assessment' },
    plain: { it: 'Per valutare la documentazione antimafia.', en: 'To assess the antimafia documents.' },
    legal_basis: 'legal-obligation',
    norm: 'D.Lgs. 159/2011, artt. 83-91',
    categories: ['identification', 'administrative', 'judicial'],
  },
  'data-protection': {
    title: { it: 'Protezione dei dati', en: 'Data protection' },
    plain: {
      it: 'Per rispondere a una richiesta di accesso ai propri dati.',
      en: 'To answer a request for access to one’s own data.',
    },
    legal_basis: 'legal-obligation',
    norm: 'Reg. (UE) 2016/679, artt. 15 e 39',
    categories: ['identification', 'contact', 'economic', 'administrative', 'judicial'],
  },
}

const processors = [
  {
    processor: 'aurora',
    name: 'Aurora Servizi S.r.l.',
    country: 'IT',
    contact: { name: 'Aurora Servizi', email: 'privacy@aurora.example' },
    identity_provider: { issuer: 'https://login.aurora.example' },
    contracts: [
      {
        id: 'aurora-2026',
        reference: 'GSE-2025-114',
        title: { it: 'Servizio di contact centre 2026-2027', en: 'Contact centre 2026-2027' },
        from: '2026-01-01',
        to: '2027-12-31',
        annex: [
          { purpose: 'invoice-enquiry', clause: 'A.3' },
          { purpose: 'antimafia-status', clause: 'A.5' },
        ],
        exit: { delete_within: 'P30D', because: 'Reg. (UE) 2016/679, art. 28(3)(g)' },
      },
    ],
  },
  {
    processor: 'borea',
    name: 'Borea Contact S.p.A.',
    country: 'IT',
    contact: { name: 'Borea Contact', email: 'privacy@borea.example' },
    identity_provider: { issuer: 'https://login.borea.example' },
    contracts: [
      {
        id: 'borea-2023',
        reference: 'GSE-2022-087',
        title: { it: 'Servizio di contact centre 2023-2025', en: 'Contact centre 2023-2025' },
        from: '2023-01-01',
        to: '2025-12-31',
        mode: 'observe',
        annex: [{ purpose: 'invoice-enquiry', clause: '3.1' }],
        exit: { delete_within: 'P30D', because: 'Reg. (UE) 2016/679, art. 28(3)(g)' },
      },
    ],
  },
]

const everything = {
  producer: Object.keys(producer.fields),
  invoice: Object.keys(invoice.fields),
  antimafia_check: Object.keys(antimafiaCheck.fields),
}

const rules = [
  {
    id: 'cc-invoice-enquiry',
    effect: 'permit',
    role: 'contact-centre.operator',
    actions: ['read', 'search'],
    resource: 'invoice',
    purposes: ['invoice-enquiry'],
    where: { producer_id: { eq: '$ticket.data_subject' }, status: { in: ['issued', 'paid', 'disputed'] } },
    fields: {
      plain: ['id', 'producer_id', 'number', 'period', 'amount', 'status'],
      masked: { iban: 'last4', tax_code: 'partial' },
    },
    require: { ticket: 'open', max_records_per_hour: 60 },
    because: 'Allegato A.3: informazioni sullo stato delle fatture',
  },
  {
    id: 'cc-producer-enquiry',
    effect: 'permit',
    role: 'contact-centre.operator',
    actions: ['read', 'search'],
    resource: 'producer',
    purposes: ['invoice-enquiry', 'antimafia-status'],
    where: { id: { eq: '$ticket.data_subject' } },
    fields: {
      plain: ['id', 'name'],
      masked: { tax_code: 'partial', iban: 'last4', birth_date: 'year', email: 'redact' },
    },
    require: { ticket: 'open' },
    because: 'Allegato A.1: riconoscimento dell’utente',
  },
  {
    id: 'cc-antimafia-status',
    effect: 'permit',
    role: 'contact-centre.operator',
    actions: ['read'],
    resource: 'antimafia_check',
    purposes: ['antimafia-status'],
    where: { producer_id: { eq: '$ticket.data_subject' } },
    fields: { plain: ['id', 'producer_id', 'status', 'valid_until'] },
    require: { ticket: 'open' },
    because: 'Allegato A.5: solo lo stato della verifica',
  },
  {
    id: 'antimafia-officer',
    effect: 'permit',
    role: 'antimafia.officer',
    actions: ['read', 'search'],
    resource: 'antimafia_check',
    purposes: ['antimafia-assessment'],
    contracts: ['internal'],
    fields: { plain: everything.antimafia_check },
    require: { grant: true },
    because: 'D.Lgs. 159/2011, art. 97: personale autorizzato',
  },
  ...(['producer', 'invoice', 'antimafia_check'] as const).map((resource) => ({
    id: `dpo-${resource.replaceAll('_', '-')}`,
    effect: 'permit',
    role: 'dpo',
    actions: ['read', 'search', 'count', 'export'],
    resource,
    purposes: ['data-protection'],
    contracts: ['internal'],
    fields: { plain: everything[resource] },
    because: 'Reg. (UE) 2016/679, artt. 15 e 39: compiti del responsabile della protezione dei dati',
  })),
  {
    id: 'sealed-invoices',
    effect: 'forbid',
    actions: ['read', 'search', 'count', 'export', 'update'],
    resource: 'invoice',
    where: { status: { eq: 'sealed' } },
    because: 'Fatture sotto sequestro: c.p.p. art. 329',
  },
  {
    id: 'judicial-data-internal-only',
    effect: 'forbid',
    role: ['contact-centre.operator'],
    actions: ['read', 'search', 'count', 'export', 'update'],
    resource: 'antimafia_check',
    fields: { hidden: ['outcome', 'notes'] },
    because: 'D.Lgs. 196/2003, art. 2-octies: dati giudiziari',
  },
  {
    id: 'antimafia-officer-update',
    effect: 'permit',
    role: 'antimafia.officer',
    actions: ['update'],
    resource: 'antimafia_check',
    purposes: ['antimafia-assessment'],
    contracts: ['internal'],
    fields: { plain: ['status', 'valid_until', 'outcome', 'notes'] },
    require: { grant: true },
    because: 'D.Lgs. 159/2011, art. 97: personale autorizzato',
  },
]

/** A small but whole bundle for tests: three resources, four purposes, two processors, one contract of which has ended. */
export function fixtureDocument(): BundleDocument {
  return bundleDocumentSchema.parse({
    varco: {
      controller: {
        id: 'gse',
        name: 'Gestore dei Servizi Energetici',
        short: 'GSE',
        contact: { name: 'Ente', email: 'ente@gse.example' },
        dpo: dpoContact,
        supervisor: {
          name: 'Garante per la protezione dei dati personali',
          address: 'Roma',
          web: 'https://garante.example',
        },
        identity_provider: { issuer: 'https://login.gse.example' },
      },
      locale: 'it',
      time_zone: 'Europe/Rome',
      log: { floor: 'P2Y', ceiling: 'P3Y', because: 'Garante 192/2011: almeno ventiquattro mesi' },
      categories: {
        identification: { title: { it: 'Identificativi', en: 'Identification' } },
        contact: { title: { it: 'Recapiti', en: 'Contact' } },
        economic: { title: { it: 'Economici', en: 'Economic' } },
        administrative: { title: { it: 'Amministrativi', en: 'Administrative' } },
        judicial: { title: { it: 'Giudiziari', en: 'Judicial' }, judicial: true },
      },
      roles: {
        'contact-centre.operator': {
          title: { it: 'Operatore di contact centre', en: 'Contact centre operator' },
        },
        'antimafia.officer': { title: { it: 'Addetto antimafia', en: 'Antimafia officer' } },
        dpo: { title: { it: 'Responsabile della protezione dei dati', en: 'Data protection officer' } },
      },
      units: {
        'contact-centre': { title: { it: 'Contact centre', en: 'Contact centre' } },
        'antimafia-unit': { title: { it: 'Unità antimafia', en: 'Antimafia unit' } },
        'dpo-office': { title: { it: 'Ufficio RPD', en: 'DPO office' } },
      },
      data_subjects: {
        producer: {
          title: { it: 'Produttore', en: 'Producer' },
          resource: 'producer',
          find_by: ['tax_code'],
          name: ['name'],
        },
      },
    },
    catalogue: [antimafiaCheck, invoice, producer],
    purposes,
    processors,
    access: rules,
    retention: [
      {
        id: 'invoices-ten-years',
        resource: 'invoice',
        trigger: { field: 'issued_on' },
        after: 'P10Y',
        action: 'erase',
        title: { it: 'Dieci anni dalla fattura', en: 'Ten years from the invoice' },
        because: 'Codice civile, art. 2220',
      },
    ],
    cases: [
      {
        id: 'operator-reads-invoice',
        title: 'L’operatore vede la fattura di chi chiama, con l’IBAN mascherato',
        now: '2026-06-15T10:00:00+02:00',
        as: { contract: 'aurora-2026', role: 'contact-centre.operator', unit: 'contact-centre' },
        purpose: 'invoice-enquiry',
        ticket: {
          status: 'open',
          data_subject: 'P1',
          purpose: 'invoice-enquiry',
          opened_at: '2026-06-15T09:50:00+02:00',
        },
        action: 'read',
        resource: 'invoice',
        record: { producer_id: 'P1', status: 'issued' },
        expect: {
          decision: 'permit',
          plain: ['id', 'producer_id', 'number', 'period', 'amount', 'status'],
          masked: ['iban', 'tax_code'],
          hidden: ['issued_on'],
        },
      },
    ],
  })
}
