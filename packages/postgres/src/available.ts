import { UnavailableError, VarcoError } from '@varco/core'

/** Varco's own faults as they are; any other means that the database, as this service, cannot be reached. */
export async function available<T>(service: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof VarcoError) throw cause
    throw new UnavailableError(service, { cause })
  }
}
