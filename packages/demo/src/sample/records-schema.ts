/**
 * The body's own tables, as its systems would have them. They are not Varco's: nothing here is migrated,
 * and no table knows that there is a gate before it.
 */
export const RECORDS_TABLES = `
CREATE SCHEMA gse;

CREATE TABLE gse.producer (
  producer_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('natural-person', 'firm')),
  name text,
  surname text,
  company_name text,
  legal_representative text,
  tax_code text NOT NULL,
  vat_number text,
  birth_date date,
  birth_place text,
  address text NOT NULL,
  municipality text NOT NULL,
  province char(2) NOT NULL,
  region text NOT NULL,
  email text NOT NULL,
  certified_email text,
  phone text,
  iban varchar(34) NOT NULL,
  segregated boolean NOT NULL DEFAULT false,
  registered_at timestamptz NOT NULL,
  ceased_on date,
  CHECK ((kind = 'firm') = (company_name IS NOT NULL)),
  CHECK ((kind = 'natural-person') = (surname IS NOT NULL))
);

CREATE TABLE gse.plant (
  plant_id text PRIMARY KEY,
  producer_id text NOT NULL,
  name text NOT NULL,
  source text NOT NULL,
  power_kw numeric(10, 2) NOT NULL CHECK (power_kw > 0),
  address text NOT NULL,
  municipality text NOT NULL,
  province char(2) NOT NULL,
  region text NOT NULL,
  cadastral_reference text,
  pod text NOT NULL,
  grid_operator text NOT NULL,
  status text NOT NULL,
  segregated boolean NOT NULL DEFAULT false,
  commissioned_on date NOT NULL,
  decommissioned_on date
);

CREATE TABLE gse.photovoltaic_practice (
  practice_id text PRIMARY KEY,
  plant_id text NOT NULL,
  producer_id text NOT NULL,
  scheme text NOT NULL CHECK (scheme IN ('conto-energia-4', 'conto-energia-5')),
  status text NOT NULL,
  submitted_on date NOT NULL,
  decided_on date,
  missing_documents text[] NOT NULL DEFAULT '{}',
  tariff_per_kwh numeric(6, 4),
  incentive_ends_on date,
  unit text NOT NULL,
  region text NOT NULL,
  officer_notes text,
  segregated boolean NOT NULL DEFAULT false,
  closed_on date
);

CREATE TABLE gse.antimafia_check (
  check_id text PRIMARY KEY,
  producer_id text NOT NULL,
  practice_id text,
  status text NOT NULL CHECK (status IN ('valid', 'expired', 'pending')),
  requested_on date NOT NULL,
  released_on date,
  valid_until date,
  protocol text NOT NULL,
  prefecture text NOT NULL,
  outcome text,
  findings text,
  persons_checked json NOT NULL,
  officer_notes text,
  region text NOT NULL,
  segregated boolean NOT NULL DEFAULT false
);

CREATE TABLE gse.invoice (
  invoice_id text PRIMARY KEY,
  number text NOT NULL,
  producer_id text NOT NULL,
  plant_id text NOT NULL,
  period text NOT NULL,
  issued_on date NOT NULL,
  due_on date NOT NULL,
  paid_on date,
  status text NOT NULL,
  amount numeric(12, 2) NOT NULL,
  vat_amount numeric(12, 2) NOT NULL,
  energy_kwh integer NOT NULL,
  payee text NOT NULL,
  tax_code text NOT NULL,
  iban varchar(34) NOT NULL,
  payment_reference text,
  suspension_reason text,
  segregated boolean NOT NULL DEFAULT false,
  last_entry_on date NOT NULL
);

CREATE TABLE gse.invoice_correction (
  correction_id text PRIMARY KEY,
  invoice_id text NOT NULL,
  producer_id text NOT NULL,
  requested_on date NOT NULL,
  reason text NOT NULL,
  field text NOT NULL,
  value_before text,
  value_after text,
  amount_difference numeric(12, 2) NOT NULL,
  status text NOT NULL,
  decided_on date,
  decided_by text,
  segregated boolean NOT NULL DEFAULT false
);

CREATE TABLE gse.meter_reading (
  reading_id uuid PRIMARY KEY,
  plant_id text NOT NULL,
  producer_id text NOT NULL,
  grid_operator text NOT NULL,
  pod text NOT NULL,
  period text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  energy_fed_kwh numeric(14, 3) NOT NULL,
  energy_drawn_kwh numeric(14, 3),
  message jsonb NOT NULL,
  segregated boolean NOT NULL DEFAULT false,
  received_at timestamptz NOT NULL
);

CREATE TABLE gse.portal_account (
  account_id text PRIMARY KEY,
  producer_id text NOT NULL,
  username text NOT NULL,
  email text NOT NULL,
  phone text,
  status text NOT NULL,
  second_factor boolean NOT NULL,
  failed_sign_ins integer NOT NULL,
  last_sign_in_at timestamptz,
  last_address text,
  delegates text[] NOT NULL DEFAULT '{}',
  segregated boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  closed_on date
);

CREATE TABLE gse.contact_note (
  note_id uuid PRIMARY KEY,
  producer_id text NOT NULL,
  ticket_id text NOT NULL,
  contract text NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  topic text NOT NULL,
  text text NOT NULL,
  outcome text NOT NULL,
  written_by text NOT NULL,
  written_at timestamptz NOT NULL,
  segregated boolean NOT NULL DEFAULT false
);

CREATE TABLE gse.complaint (
  complaint_id text PRIMARY KEY,
  producer_id text NOT NULL,
  channel text NOT NULL,
  topic text NOT NULL,
  text text NOT NULL,
  answer text,
  status text NOT NULL,
  unit text NOT NULL,
  officer_notes text,
  received_on date NOT NULL,
  due_on date NOT NULL,
  answered_on date,
  segregated boolean NOT NULL DEFAULT false
);

CREATE TABLE gse.visitor (
  visitor_id text PRIMARY KEY,
  name text NOT NULL,
  surname text NOT NULL,
  company text,
  document_type text NOT NULL,
  document_number text NOT NULL,
  phone text,
  vehicle_plate text,
  host text NOT NULL,
  host_unit text NOT NULL,
  badge text NOT NULL,
  arrived_at timestamptz NOT NULL,
  left_at timestamptz
);

CREATE TABLE gse.fair_lead (
  lead_id text PRIMARY KEY,
  name text NOT NULL,
  surname text NOT NULL,
  organisation text,
  email text NOT NULL,
  phone text,
  province char(2) NOT NULL,
  fair text NOT NULL,
  interests text[] NOT NULL,
  consent boolean NOT NULL,
  consent_at timestamptz,
  collected_on date NOT NULL,
  CHECK (consent = (consent_at IS NOT NULL))
);

CREATE TABLE gse.sample_body (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  version integer NOT NULL,
  seed text NOT NULL,
  producers integer NOT NULL,
  loaded_at timestamptz NOT NULL,
  counts jsonb NOT NULL
);
`

/** Made after the rows are in: faster, and every reference is checked once. */
export const RECORDS_CONSTRAINTS = `
ALTER TABLE gse.plant ADD FOREIGN KEY (producer_id) REFERENCES gse.producer;
ALTER TABLE gse.photovoltaic_practice
  ADD FOREIGN KEY (producer_id) REFERENCES gse.producer, ADD FOREIGN KEY (plant_id) REFERENCES gse.plant;
ALTER TABLE gse.antimafia_check
  ADD FOREIGN KEY (producer_id) REFERENCES gse.producer,
  ADD FOREIGN KEY (practice_id) REFERENCES gse.photovoltaic_practice;
ALTER TABLE gse.invoice
  ADD FOREIGN KEY (producer_id) REFERENCES gse.producer, ADD FOREIGN KEY (plant_id) REFERENCES gse.plant;
ALTER TABLE gse.invoice_correction
  ADD FOREIGN KEY (producer_id) REFERENCES gse.producer, ADD FOREIGN KEY (invoice_id) REFERENCES gse.invoice;
ALTER TABLE gse.meter_reading
  ADD FOREIGN KEY (producer_id) REFERENCES gse.producer, ADD FOREIGN KEY (plant_id) REFERENCES gse.plant;
ALTER TABLE gse.portal_account ADD FOREIGN KEY (producer_id) REFERENCES gse.producer;
ALTER TABLE gse.contact_note ADD FOREIGN KEY (producer_id) REFERENCES gse.producer;
ALTER TABLE gse.complaint ADD FOREIGN KEY (producer_id) REFERENCES gse.producer;

CREATE UNIQUE INDEX ON gse.producer (tax_code);
CREATE INDEX ON gse.producer (vat_number) WHERE vat_number IS NOT NULL;
CREATE INDEX ON gse.producer (email);
CREATE INDEX ON gse.plant (producer_id);
CREATE INDEX ON gse.photovoltaic_practice (producer_id);
CREATE INDEX ON gse.photovoltaic_practice (plant_id);
CREATE INDEX ON gse.photovoltaic_practice (unit, region, status);
CREATE INDEX ON gse.antimafia_check (producer_id);
CREATE INDEX ON gse.antimafia_check (practice_id);
CREATE UNIQUE INDEX ON gse.invoice (number);
CREATE INDEX ON gse.invoice (producer_id);
CREATE INDEX ON gse.invoice (plant_id);
CREATE INDEX ON gse.invoice_correction (producer_id);
CREATE INDEX ON gse.invoice_correction (invoice_id);
CREATE INDEX ON gse.meter_reading (producer_id);
CREATE INDEX ON gse.meter_reading (plant_id);
CREATE UNIQUE INDEX ON gse.portal_account (producer_id);
CREATE INDEX ON gse.contact_note (producer_id);
CREATE INDEX ON gse.contact_note (ticket_id);
CREATE INDEX ON gse.complaint (producer_id);
CREATE INDEX ON gse.visitor (document_number);
CREATE INDEX ON gse.visitor (arrived_at);
CREATE INDEX ON gse.fair_lead (email);
ANALYZE;
`
