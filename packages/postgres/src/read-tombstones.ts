import type { Buried, Burial, PerhapsBurial, Tombstones } from '@varco/retention'
import pg from 'pg'
import type { Database } from './database.ts'
import { CopyConnection } from './log-copy.ts'

const FIELD_LENGTH = 4
/** Millions of them are sorted on disk all the same, in fewer pieces. */
const SORTING = '64MB'

/**
 * Of a plan's rule, by hash, each once. Its records are of one resource; should they be of more, one after the other. By COPY, and
 * as they come: to a driver each would be a row, and many together would stay until V8 looks for what is no longer needed.
 */
export async function* tombstonesOfRule(
  { pool, url }: Pick<Database, 'pool' | 'url'>,
  plan: string,
  rule: string,
): AsyncGenerator<Tombstones> {
  const { rows: resources } = await pool.query<{ resource: string }>(
    'SELECT DISTINCT resource FROM varco.tombstones WHERE plan = $1 AND rule = $2 ORDER BY resource',
    [plan, rule],
  )
  if (resources.length === 0) return
  await using connection = await CopyConnection.open(url, { sorting: SORTING })
  for (const { resource } of resources) {
    const ofRule = Object.entries({ plan, rule, resource }).map(
      ([column, value]) => `${column} = ${pg.escapeLiteral(value)}`,
    )
    // Twice the same stand side by side: DISTINCT would put all into a table of hashes first, at three times the price.
    const chunks = connection.rows(
      `SELECT hash FROM varco.tombstones, unnest(hashes) AS hash WHERE ${ofRule.join(' AND ')} ORDER BY hash`,
    )
    let last = ''
    for await (const { bytes, starts } of chunks) {
      const hashes: string[] = []
      for (const start of starts) {
        const hash = hashAt(bytes, start)
        if (hash !== last) hashes.push(hash)
        last = hash
      }
      if (hashes.length > 0) yield { resource, hashes }
    }
  }
}

function hashAt(bytes: Buffer, start: number): string {
  const length = bytes.readInt32BE(start)
  return bytes.toString('hex', start + FIELD_LENGTH, start + FIELD_LENGTH + length)
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
