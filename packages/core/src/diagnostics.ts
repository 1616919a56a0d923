/** What may stand beside a message for the operators of the system: never a record, a token, a URL or a raw error. */
export type SafeFields = Readonly<Record<string, string | number | boolean | bigint | null | undefined>>

/** The technical log of a process (pino in production). The access log is another thing. */
export interface Diagnostics {
  debug(message: string, fields?: SafeFields): void
  info(message: string, fields?: SafeFields): void
  warn(message: string, fields?: SafeFields): void
  error(message: string, fields?: SafeFields): void
}

export const silentDiagnostics: Diagnostics = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
}

/** The name and stable code of a fault, without its message: raw messages may carry values. */
export function faultFields(error: unknown): SafeFields {
  if (!(error instanceof Error)) return { fault: typeof error }
  const code: unknown = 'code' in error ? error.code : undefined
  return { fault: error.name, code: typeof code === 'string' ? code : undefined }
}
