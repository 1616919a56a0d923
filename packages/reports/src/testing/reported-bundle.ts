import { bundleDocumentSchema, compileBundle, type Bundle, type BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'

/** The policy package's small bundle, with what only a report speaks of. */
export function reportedDocument(): BundleDocument {
  const document = fixtureDocument()
  const [aurora, borea] = document.processors
  if (aurora === undefined || borea === undefined) throw new Error('the fixture has two processors')
  const text = (it: string, en: string) => ({ it, en })
  return bundleDocumentSchema.parse({
    ...document,
    varco: {
      ...document.varco,
      controller: {
        ...document.varco.controller,
        name: 'Gestore dei Servizi Energetici S.p.A.',
        contact: {
          name: 'Gestore dei Servizi Energetici S.p.A.',
          address: 'Viale dell’Esempio 92, 00197 Roma',
          email: 'ente@gse.example',
          phone: '+39 06 5550 0100',
        },
        dpo: {
          name: 'Ufficio del responsabile della protezione dei dati',
          address: 'Viale dell’Esempio 92, 00197 Roma',
          email: 'rpd@gse.example',
        },
        supervisor: {
          name: 'Garante per la protezione dei dati personali',
          address: 'Piazza dell’Esempio 11, 00187 Roma',
          web: 'https://garante.example',
        },
      },
      data_subjects: {
        ...document.varco.data_subjects,
        visitor: {
          title: text('Visitatore', 'Visitor'),
          resource: 'visitor',
          find_by: ['tax_code', 'badge'],
          name: ['first_name', 'last_name'],
        },
      },
    },
    catalogue: [
      ...document.catalogue.map((entry) =>
        entry.resource === 'antimafia_check'
          ? {
              ...entry,
              fields: { ...entry.fields, notes: { ...entry.fields['notes'], third_parties: true } },
            }
          : entry,
      ),
      {
        resource: 'invoice_line',
        title: text('Riga di fattura', 'Invoice line'),
        source: { relation: 'gse.invoice_line' },
        key: 'id',
        origin: text(
          'Calcolata dall’ente sulle letture dei contatori.',
          'Computed by the body from meter readings.',
        ),
        fields: {
          id: { type: 'integer', category: 'economic', title: text('Chiave', 'Key') },
          invoice_id: { type: 'integer', category: 'economic', title: text('Fattura', 'Invoice') },
          kwh: { type: 'decimal', category: 'economic', title: text('Energia (kWh)', 'Energy (kWh)') },
        },
        relations: {
          // The way back: a walk that takes both meets each record once.
          corrections: { resource: 'correction', field: 'id', to: 'line_id', many: true },
          invoice: { resource: 'invoice', field: 'invoice_id', to: 'id' },
        },
      },
      {
        resource: 'correction',
        title: text('Rettifica', 'Correction'),
        source: { relation: 'gse.correction' },
        key: 'id',
        fields: {
          id: { type: 'integer', category: 'economic', title: text('Chiave', 'Key') },
          line_id: { type: 'integer', category: 'economic', title: text('Riga', 'Line') },
        },
        relations: { line: { resource: 'invoice_line', field: 'line_id', to: 'id' } },
      },
      {
        resource: 'visitor',
        title: text('Visitatore', 'Visitor'),
        description: text('Chi si è presentato alla portineria.', 'Whoever came to the reception desk.'),
        source: { relation: 'gse.visitor' },
        key: 'badge',
        data_subject: { kind: 'visitor', field: 'badge' },
        fields: {
          badge: { type: 'text', category: 'identification', title: text('Tesserino', 'Badge') },
          first_name: { type: 'text', category: 'identification', title: text('Nome', 'First name') },
          last_name: { type: 'text', category: 'identification', title: text('Cognome', 'Last name') },
          tax_code: {
            type: 'text',
            category: 'identification',
            title: text('Codice fiscale', 'Tax code'),
            nullable: true,
          },
          came_at: {
            type: 'timestamp',
            category: 'administrative',
            title: text('Entrato il', 'Came in'),
            nullable: true,
          },
          host_id: {
            type: 'text',
            category: 'administrative',
            title: text('Chi ha incontrato', 'Whom they met'),
            nullable: true,
          },
          vehicles: {
            type: 'text[]',
            category: 'administrative',
            title: text('Targhe', 'Number plates'),
            nullable: true,
          },
        },
        relations: { host: { resource: 'producer', field: 'host_id', to: 'id' } },
      },
    ],
    processors: [
      {
        ...aurora,
        contact: { ...aurora.contact, address: 'Via dell’Esempio 4, 33100 Udine' },
        sub_processors: [
          {
            name: 'Nuvola Dati S.r.l.',
            country: 'IT',
            service: text('Ospita il sistema di telefonia.', 'Hosts the telephone system.'),
            from: '2026-01-01',
          },
          {
            name: 'Overseas Transcripts Ltd',
            country: 'IN',
            service: text('Trascrive le chiamate.', 'Transcribes calls.'),
            from: '2026-02-01',
            to: '2026-06-30',
            safeguard: text(
              'Clausole contrattuali tipo (articolo 46).',
              'Standard contractual clauses (Article 46).',
            ),
          },
        ],
      },
      borea,
    ],
  })
}

/** `reportedDocument`, compiled. */
export function reportedBundle(): Bundle {
  return compileBundle(reportedDocument())
}
