import { compileBundle, type Bundle } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import type { Database } from '@varco/postgres'

/** Rows that point at each invoice. */
export const LINES = 3
/** As many invoices that are not due stand among them, for applications to read. */
export const KEPT = 20_000

const words = { title: { it: 'Dopo dieci anni', en: 'After ten years' }, because: 'Art. 2220 c.c.' }
const text = (it: string, en: string) => ({
  type: 'integer' as const,
  category: 'economic',
  title: { it, en },
})

/** Invoices and their lines go ten years after they were issued, on two people's word. */
export function bundleOfInvoices(): Bundle {
  const document = fixtureDocument()
  const [invoice] = document.catalogue.filter(({ resource }) => resource === 'invoice')
  if (invoice === undefined) throw new Error('the fixture has no invoices')
  const { issued_on: issuedOn } = invoice.fields
  if (issuedOn === undefined) throw new Error('the fixture’s invoices have no date')
  const line: typeof invoice = {
    ...invoice,
    resource: 'invoice_line',
    title: { it: 'Riga di fattura', en: 'Invoice line' },
    source: { relation: 'gse.invoice_line' },
    fields: {
      id: { ...text('Chiave', 'Key'), nullable: false },
      invoice_id: { ...text('Fattura', 'Invoice'), nullable: false },
      producer_id: {
        ...issuedOn,
        type: 'text',
        title: { it: 'Produttore', en: 'Producer' },
        nullable: false,
      },
      issued_on: issuedOn,
    },
    relations: { invoice: { resource: 'invoice', field: 'invoice_id', to: 'id', many: false } },
  }
  const rule = (resource: string) => ({
    ...words,
    id: resource.replace('_', '-'),
    resource,
    trigger: { field: 'issued_on' },
    after: 'P10Y',
    action: 'erase' as const,
  })
  return compileBundle({
    ...document,
    catalogue: [...document.catalogue, line],
    retention: [rule('invoice'), rule('invoice_line')],
  })
}

export async function createTables({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query(`
    CREATE SCHEMA gse;
    CREATE TABLE gse.producer (id text PRIMARY KEY, name text NOT NULL);
    CREATE TABLE gse.antimafia_check (id bigint PRIMARY KEY, producer_id text NOT NULL REFERENCES gse.producer);
    INSERT INTO gse.producer SELECT 'P' || i, 'Name ' || i FROM generate_series(0, 999) AS i`)
}

/**
 * So many due invoices with lines, and `KEPT` of last year; whatever was there is gone. Keys and indexes come last: with them there,
 * filling takes several times as long as what is measured.
 */
export async function fillTables(
  { pool }: Pick<Database, 'pool'>,
  due: number,
  lines = LINES,
): Promise<void> {
  await pool.query(`
    DROP TABLE IF EXISTS gse.invoice_line, gse.invoice;
    CREATE TABLE gse.invoice (id bigint, producer_id text NOT NULL, number text NOT NULL, period text NOT NULL, amount numeric NOT NULL, status text NOT NULL, issued_on date, iban text, tax_code text NOT NULL);
    CREATE TABLE gse.invoice_line (id bigint, invoice_id bigint NOT NULL, producer_id text NOT NULL, issued_on date, note text NOT NULL)`)
  await pool.query(
    `INSERT INTO gse.invoice
     SELECT i, 'P' || i % 1000, 'F' || i, '2010-01', i % 900, 'paid', CASE WHEN i <= $1 THEN DATE '2010-01-01' + i % 1000 ELSE DATE '2025-01-01' END, 'IT60X0542811101000000123456', 'RSSMRA80A01H501U'
     FROM generate_series(1, $1::int + ${KEPT}) AS i`,
    [due],
  )
  await pool.query(
    `INSERT INTO gse.invoice_line
     SELECT (i - 1) * $2::int + n, i, 'P' || i % 1000, DATE '2010-01-01' + i % 1000, 'energy of the period'
     FROM generate_series(1, $1::int) AS i, generate_series(1, $2::int) AS n`,
    [due, lines],
  )
  await pool.query(`
    SET LOCAL maintenance_work_mem = '256MB';
    ALTER TABLE gse.invoice ADD PRIMARY KEY (id);
    ALTER TABLE gse.invoice_line ADD PRIMARY KEY (id);
    CREATE INDEX ON gse.invoice (producer_id);
    CREATE INDEX ON gse.invoice_line (invoice_id);
    ALTER TABLE gse.invoice ADD FOREIGN KEY (producer_id) REFERENCES gse.producer;
    ALTER TABLE gse.invoice_line ADD FOREIGN KEY (invoice_id) REFERENCES gse.invoice`)
  await pool.query('VACUUM ANALYZE gse.invoice, gse.invoice_line')
  await pool.query('CHECKPOINT')
}
