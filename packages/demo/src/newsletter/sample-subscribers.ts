import type { Pool } from 'pg'

/** An address that the newsletter is sent to, as the service that sends it has it. */
export interface Subscriber {
  /** Number of the contact made at a fair. */
  readonly lead: string
  readonly email: string
  readonly since: string
}

/**
 * All who consented at a fair and whose contact is still kept: of whom it is not, the address has gone before it.
 * @param pool where the sample body's records are
 */
export async function sampleSubscribers(pool: Pick<Pool, 'query'>): Promise<readonly Subscriber[]> {
  const { rows } = await pool.query<Subscriber>(
    `SELECT lead_id AS lead, email, to_char(consent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
     FROM gse.fair_lead WHERE consent ORDER BY lead_id`,
  )
  return rows
}
