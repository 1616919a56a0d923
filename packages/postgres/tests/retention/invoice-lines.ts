import type { BundleDocument } from '@varco/policy'
import { fixtureDocument } from '@varco/policy/testing'
import type { Database } from '@varco/postgres'
import { RULE } from './retention-world.ts'

type Catalogue = BundleDocument['catalogue']

const words = (text: string) => ({ it: text, en: text })

/** Lines that point at invoices, and notes that point at lines and at the notes they answer: neither names anybody. */
export function linesAndNotes(): readonly [line: Catalogue[number], note: Catalogue[number]] {
  const invoice = fixtureDocument().catalogue.find(({ resource }) => resource === 'invoice')
  const { id, issued_on: since } = invoice?.fields ?? {}
  if (invoice === undefined || id === undefined || since === undefined)
    throw new Error('the fixture has invoices with these fields')
  const { data_subject: _named, ...aboutNobody } = invoice
  const pointer = { ...id, title: words('Puntatore'), nullable: true }
  return [
    {
      ...aboutNobody,
      ...{ resource: 'invoice_line', title: words('Riga'), source: { relation: 'gse.invoice_line' } },
      fields: { id, invoice_id: pointer, since },
      relations: { invoice: { resource: 'invoice', field: 'invoice_id', to: 'id', many: false } },
    },
    {
      ...aboutNobody,
      ...{ resource: 'line_note', title: words('Nota'), source: { relation: 'gse.line_note' } },
      fields: { id, line_id: pointer, answers: pointer, since },
      relations: {
        line: { resource: 'invoice_line', field: 'line_id', to: 'id', many: false },
        answered_by: { resource: 'line_note', field: 'id', to: 'answers', many: true },
      },
    },
  ]
}

/** Both go ten years after they came. */
export const LINE_RULES: BundleDocument['retention'] = [
  { ...RULE, id: 'lines', resource: 'invoice_line', trigger: { field: 'since' } },
  { ...RULE, id: 'notes', resource: 'line_note', trigger: { field: 'since' } },
]

/** A line for each invoice and a note for each line, all of one number and due. */
export async function addLines({ pool }: Pick<Database, 'pool'>): Promise<void> {
  await pool.query(`
    CREATE TABLE gse.invoice_line (id bigint PRIMARY KEY, invoice_id bigint REFERENCES gse.invoice, since date DEFAULT '2010-01-01');
    CREATE TABLE gse.line_note (id bigint PRIMARY KEY, line_id bigint REFERENCES gse.invoice_line,
      answers bigint REFERENCES gse.line_note, since date DEFAULT '2010-01-01');
    INSERT INTO gse.invoice_line (id, invoice_id) SELECT id, id FROM gse.invoice;
    INSERT INTO gse.line_note (id, line_id) SELECT id, id FROM gse.invoice`)
}

export async function idsIn(
  { pool }: Pick<Database, 'pool'>,
  table: 'invoice_line' | 'line_note',
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM gse.${table} ORDER BY id`)
  return rows.map(({ id }) => Number(id))
}
