// A gate on a real PostgreSQL, with things in it that nobody here may ever see.
import { compileBundle } from '@varco/policy'
import { fixtureDocument, withoutBudgets } from '@varco/policy/testing'
import { postgresRecordSource, type Database } from '@varco/postgres'
import { scratchDatabase } from '@varco/postgres/testing'
import { inject } from 'vitest'
import { gatehouse, type Gatehouse } from '../../packages/proxy/tests/gatehouse.ts'

/** Values of hidden fields, of rows beyond the rules, of tables that the catalogue does not know. */
export const SECRETS = [
  'hidden-issue',
  'SEALED-3',
  'OTHERS-4',
  'nobody-declared',
  'UNKNOWN-TABLE',
  'IT60X054281110100',
]

export interface AttackedGate extends AsyncDisposable {
  readonly gate: Gatehouse
  readonly database: Database
  /** What the tables hold, to show that nothing has changed it. */
  readonly state: () => Promise<unknown>
}

const TABLES = `
  CREATE SCHEMA gse;
  CREATE TABLE gse.producer (id text PRIMARY KEY, name text, tax_code text, birth_date date, email text, iban text, region text,
    undeclared text DEFAULT 'nobody-declared');
  CREATE TABLE gse.invoice (id int8 PRIMARY KEY, producer_id text, number text, period text, amount numeric, status text,
    issued_on text, iban text, tax_code text, undeclared text DEFAULT 'nobody-declared');
  CREATE TABLE gse.antimafia_check (id int8 PRIMARY KEY, producer_id text, status text, requested_on date, valid_until date,
    outcome text, notes text);
  CREATE TABLE public.secrets (word text DEFAULT 'UNKNOWN-TABLE');
  INSERT INTO public.secrets VALUES (DEFAULT);
  INSERT INTO gse.producer VALUES
    ('P1', 'Anna Rossi', 'RSSMRA80A01H501U', '1980-01-01', 'hidden-issue', 'IT60X0542811101000000123456', 'hidden-issue'),
    ('P2', 'OTHERS-4', 'VRDLGI80A01H501U', '1980-01-01', 'OTHERS-4', NULL, 'OTHERS-4');
  INSERT INTO gse.invoice VALUES
    (1, 'P1', '2026/1', '2026-01', 120.50, 'issued', 'hidden-issue', 'IT60X0542811101000000123456', 'RSSMRA80A01H501U'),
    (2, 'P1', '2026/2', '2026-02', 99, 'paid', 'hidden-issue', NULL, 'RSSMRA80A01H501U'),
    (3, 'P1', 'SEALED-3', '2026-03', 7, 'sealed', 'hidden-issue', NULL, 'RSSMRA80A01H501U'),
    (4, 'P2', 'OTHERS-4', '2026-04', 9, 'issued', 'hidden-issue', NULL, 'VRDLGI80A01H501U');
  INSERT INTO gse.antimafia_check VALUES (7, 'P1', 'valid', '2026-01-01', '2027-01-01', 'hidden-issue', 'hidden-issue');
`

export async function openAttackedGate(): Promise<AttackedGate> {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await scratchDatabase(inject('serverUrl'), { migrated: false }))
  await database.pool.query(TABLES)
  const gate = await gatehouse({
    // Thousands of requests an hour are the point here.
    bundleInForce: compileBundle(withoutBudgets(fixtureDocument())),
    source: postgresRecordSource(database),
    publicUrl: 'https://varco.example',
  })
  const opened = stack.move()
  return {
    gate,
    database,
    state: async () => {
      const { rows } = await database.pool.query(`
        SELECT (SELECT json_agg(p ORDER BY id) FROM gse.producer p) AS producers,
               (SELECT json_agg(i ORDER BY id) FROM gse.invoice i) AS invoices,
               (SELECT json_agg(c) FROM gse.antimafia_check c) AS checks,
               (SELECT json_agg(s) FROM public.secrets s) AS secrets,
               (SELECT array_agg(rolname ORDER BY rolname) FROM pg_roles) AS roles,
               (SELECT array_agg(nspname ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast|temp)') AS schemas`)
      return rows
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
