/**
 * A fault Varco knows. `code` is stable and documented; the message is lower case, without full stop and
 * without personal data, so that it may be shown and logged. A deny is not a fault: it is a returned value.
 */
export abstract class VarcoError extends Error {
  abstract readonly code: string

  override get name(): string {
    return this.constructor.name
  }
}

/** A configuration that cannot be used; `key` names the setting. */
export class ConfigError extends VarcoError {
  readonly code = 'config'
  readonly key: string

  constructor(key: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.key = key
  }
}

/** A store or service cannot be reached now; the caller may try again. Becomes a 503. */
export class UnavailableError extends VarcoError {
  readonly code = 'unavailable'
  readonly service: string

  constructor(service: string, options?: ErrorOptions) {
    super(`${service} is not available`, options)
    this.service = service
  }
}

/** Something that must hold does not: a bug or a damaged state, never a user's mistake. */
export class InvariantError extends VarcoError {
  readonly code = 'invariant'
}
