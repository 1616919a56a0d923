import pg from 'pg'

export interface ListenOptions {
  readonly url: string
  /** Ours, never a caller's: it is part of the statement. */
  readonly channel: string
  /** Called with each notification's payload. */
  readonly onMessage: (payload: string) => void
  /** Called after the connection broke and stands again: something may have been missed. */
  readonly onGap: () => void
}

const RECONNECT_AFTER_MS = 500

/** Holds one connection that listens, and opens another whenever it breaks, until disposed of. Never throws. */
export async function listen(options: ListenOptions): Promise<AsyncDisposable> {
  const { url, channel, onMessage, onGap } = options
  let client: pg.Client | null = null
  let timer: NodeJS.Timeout | null = null
  let stopped = false
  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: `${channel.replace('_', ' ')} watch`,
      connectionTimeoutMillis: 2_000,
    })
    next.on('notification', ({ payload }) => {
      onMessage(payload ?? '')
    })
    next.on('error', () => {})
    next.on('end', () => {
      if (client === next) client = null
      if (!stopped) retry()
    })
    await next.connect()
    if (stopped) {
      await next.end()
      return
    }
    client = next
    await next.query(`LISTEN ${channel}`)
  }
  const retry = (): void => {
    if (stopped || timer !== null) return
    timer = setTimeout(() => {
      timer = null
      connect().then(onGap, retry)
    }, RECONNECT_AFTER_MS)
  }
  try {
    await connect()
  } catch {
    retry()
  }
  return {
    [Symbol.asyncDispose]: async () => {
      stopped = true
      if (timer !== null) clearTimeout(timer)
      await client?.end()
    },
  }
}
