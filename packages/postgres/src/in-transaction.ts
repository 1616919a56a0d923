import type { Pool, PoolClient } from 'pg'

/** All of the work or nothing. After a failure the connection, in a state nobody knows, does not go back to the pool. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let failed = true
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    failed = false
    return result
  } finally {
    if (failed) await client.query('ROLLBACK').catch(() => {})
    client.release(failed)
  }
}
