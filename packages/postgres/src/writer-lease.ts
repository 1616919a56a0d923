import pg from 'pg'

const RETRY_MS = 500

/**
 * Holds a writer's name among the processes that are alive, so that a second one does not take the first one's tree
 * over by mistake: the log's compare-and-set keeps it right in any case, but ends the process that was there.
 * The lease ends with this process. `null`: somebody alive holds it.
 */
export async function leaseWriter(url: string, writer: string): Promise<AsyncDisposable | null> {
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const take = async (): Promise<boolean> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'varco writer lease',
      connectionTimeoutMillis: 2_000,
      keepAlive: true,
    })
    next.on('error', () => {})
    await next.connect()
    const { rows } = await next.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock(hashtextextended('varco writer ' || $1, 0)) AS taken`,
      [writer],
    )
    if (rows[0]?.taken !== true || stopped) {
      await next.end()
      return false
    }
    client = next
    next.on('end', () => {
      client = null
      retry()
    })
    return true
  }
  // After the server restarts the name is asked for again; should somebody else have it by then, the log ends us.
  const retry = (): void => {
    if (stopped) return
    timer = setTimeout(() => {
      take().catch(retry)
    }, RETRY_MS)
  }
  if (!(await take())) return null
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await client?.end()
    },
  }
}
