import { UnavailableError, VarcoError } from '@varco/core'
import pg from 'pg'

const RETRIES = 6
const FIRST_BACKOFF_MS = 100

/** Deadlock, lock not available, too many connections, query cancelled by a timeout, serialization. */
const TRANSIENT = new Set(['40P01', '55P03', '53300', '57014', '40001'])

/** Tries again, later and later, what gave way to others; each try is a transaction of its own. */
export async function whenBusy<T>(service: string, work: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await work()
    } catch (cause) {
      if (cause instanceof VarcoError) throw cause
      const transient = cause instanceof pg.DatabaseError && TRANSIENT.has(cause.code ?? '')
      if (!transient || tried === RETRIES) throw new UnavailableError(service, { cause })
      await new Promise((resolve) => setTimeout(resolve, FIRST_BACKOFF_MS * 2 ** tried))
    }
  }
}
