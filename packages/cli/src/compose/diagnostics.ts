import type { Config, Diagnostics, SafeFields } from '@varco/core'
import { pino } from 'pino'

/** The technical log on standard error, one JSON object a line. It takes names and codes, never what a record holds. */
export function createDiagnostics(config: Config, name: string): Diagnostics {
  const logger = pino(
    { name, level: config.VARCO_LOG_LEVEL, base: { name } },
    pino.destination({ dest: 2, sync: false }),
  )
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: SafeFields = {}): void => {
      logger[level](withoutBigints(fields), message)
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function withoutBigints(fields: SafeFields): SafeFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
  )
}

/** For commands that run once: what goes well goes without saying. */
export function commandDiagnostics(config: Config, name: string): Diagnostics {
  const level = config.VARCO_LOG_LEVEL === 'info' ? 'warn' : config.VARCO_LOG_LEVEL
  return createDiagnostics({ ...config, VARCO_LOG_LEVEL: level }, name)
}
