import type { Burial, PerhapsBurial, Tombstone } from '@varco/retention'
import type pg from 'pg'

/** In the transaction that notes what went. */
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
  const [first] = tombstones
  if (first === undefined) return
  // In an order that tells nothing of that of the keys; as one text, for an array's elements the driver looks through one by one.
  const hashes = tombstones
    .map(({ hash }) => hash)
    .toSorted()
    .join()
  await client.query(
    `INSERT INTO varco.tombstones (plan, rule, hashes, resource, action, at_us)
     SELECT $1, $2, ARRAY(SELECT decode(h, 'hex') FROM unnest(string_to_array($3, ',')) AS h), $4, $5, $6`,
    [plan, rule, hashes, first.resource, action, at],
  )
}
