import type { Burial, PerhapsBurial, Tombstone } from '@varco/retention'
import type pg from 'pg'

/** In the transaction that notes what went; one that is known stays as it is. */
export async function writeTombstones(
  client: Pick<pg.PoolClient, 'query'>,
  { plan, rule }: { readonly plan: string; readonly rule: string },
  {
    tombstones,
    action,
    at,
  }: {
    readonly tombstones: readonly Tombstone[]
    readonly action: Burial | PerhapsBurial
    readonly at: bigint
  },
): Promise<void> {
  if (tombstones.length === 0) return
  await client.query(
    `INSERT INTO varco.tombstones (plan, rule, hash, resource, action, at_us)
     SELECT $1, $2, decode(h, 'hex'), $4, $5, $6 FROM unnest($3::text[]) AS h ON CONFLICT DO NOTHING`,
    // In the order of the index they go into.
    [plan, rule, tombstones.map(({ hash }) => hash).toSorted(), tombstones[0]?.resource, action, at],
  )
}
