import type { Pool } from 'pg'

/** A correction of an invoice that an operator may ask a grant for. */
export interface SampleCorrection {
  readonly id: string
  readonly producer: string
}

/**
 * Corrections of these producers' invoices that are not kept apart.
 * @param pool where the sample body's records are
 */
export async function sampleCorrections(
  pool: Pick<Pool, 'query'>,
  producers: readonly string[],
): Promise<readonly SampleCorrection[]> {
  const { rows } = await pool.query<SampleCorrection>(
    `SELECT correction_id AS id, producer_id AS producer FROM gse.invoice_correction
      WHERE NOT segregated AND producer_id = ANY($1) ORDER BY correction_id`,
    [[...producers]],
  )
  return rows
}
