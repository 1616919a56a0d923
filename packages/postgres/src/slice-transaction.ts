import { InvariantError } from '@varco/core'
import type { SliceTransaction } from '@varco/retention'
import type pg from 'pg'

const clients = new WeakMap<SliceTransaction, pg.PoolClient>()

/** The transaction that a connection of the pool is in, for the records that are kept in its database. */
export function sliceOn(pool: pg.Pool, client: pg.PoolClient): SliceTransaction {
  const slice = { keptIn: pool }
  clients.set(slice, client)
  return slice
}

/** @throws InvariantError when it is a transaction of another database */
export function clientWithin(slice: SliceTransaction, pool: pg.Pool): pg.PoolClient {
  const client = clients.get(slice)
  if (client === undefined || slice.keptIn !== pool)
    throw new InvariantError('records are disposed of in a transaction of another database')
  return client
}
