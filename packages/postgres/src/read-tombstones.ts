import type { Buried, Burial, PerhapsBurial, Tombstone } from '@varco/retention'
import type pg from 'pg'

const PAGE = 10_000
/** Millions of them are sorted on disk all the same, in fewer pieces. */
const SORTING = '64MB'

/** Of a plan's rule, by hash, each once. Its records are of one resource; should they be of more, one after the other. */
export async function* tombstonesOfRule(
  pool: pg.Pool,
  plan: string,
  rule: string,
): AsyncGenerator<readonly Tombstone[]> {
  const client = await pool.connect()
  let broken = true
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL work_mem = '${SORTING}'`)
    const { rows: resources } = await client.query<{ resource: string }>(
      'SELECT DISTINCT resource FROM varco.tombstones WHERE plan = $1 AND rule = $2 ORDER BY resource',
      [plan, rule],
    )
    for (const { resource } of resources) {
      await client.query(
        `DECLARE tombstones CURSOR FOR SELECT encode(hash, 'hex') AS hash
         FROM (SELECT DISTINCT hash FROM varco.tombstones, unnest(hashes) AS hash
               WHERE plan = $1 AND rule = $2 AND resource = $3 ORDER BY hash) AS sorted`,
        [plan, rule, resource],
      )
      for (;;) {
        const { rows } = await client.query<{ hash: string }>(`FETCH ${PAGE} FROM tombstones`)
        if (rows.length > 0) yield rows.map(({ hash }) => ({ resource, hash }))
        if (rows.length < PAGE) break
      }
      await client.query('CLOSE tombstones')
    }
    await client.query('COMMIT')
    broken = false
  } finally {
    client.release(broken)
  }
}

/** Sorted once, into a table of this transaction's own, and then asked of many at a time. */
export async function buriedBy(
  pool: pg.Pool,
  resource: string,
  actions: readonly (Burial | PerhapsBurial)[],
): Promise<Buried> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rowCount } = await client.query(
      'SELECT FROM varco.tombstones WHERE resource = $1 AND action = ANY($2) LIMIT 1',
      [resource, actions],
    )
    const isEmpty = rowCount === 0
    if (!isEmpty) {
      await client.query('CREATE TEMPORARY TABLE buried (hash bytea PRIMARY KEY) ON COMMIT DROP')
      await client.query(
        `INSERT INTO buried SELECT DISTINCT hash FROM varco.tombstones, unnest(hashes) AS hash
         WHERE resource = $1 AND action = ANY($2) ORDER BY hash`,
        [resource, actions],
      )
      await client.query('ANALYZE buried')
    }
    return {
      among: async (hashes) => {
        if (isEmpty || hashes.length === 0) return new Set()
        const { rows } = await client.query<{ hash: string }>(
          `SELECT encode(hash, 'hex') AS hash FROM buried
           WHERE hash IN (SELECT decode(h, 'hex') FROM unnest($1::text[]) AS h)`,
          [hashes],
        )
        return new Set(rows.map(({ hash }) => hash))
      },
      [Symbol.asyncDispose]: async () => {
        const broken = await client.query('ROLLBACK').then(
          () => false,
          () => true,
        )
        client.release(broken)
      },
    }
  } catch (cause) {
    client.release(true)
    throw cause
  }
}
