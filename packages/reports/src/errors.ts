import { VarcoError } from '@varco/core'

/** A font that every document carries cannot be read: the installation is incomplete. */
export class MissingFontError extends VarcoError {
  readonly code = 'report-font-missing'
  readonly font: string

  constructor(source: string, font: string, options?: ErrorOptions) {
    super(`the font ${font} of the package ${source} cannot be read; reinstall the dependencies`, options)
    this.font = font
  }
}

/** A report could not be saved; none of its files was left behind. */
export class ReportNotWrittenError extends VarcoError {
  readonly code = 'report-not-written'

  constructor(reason: string, options?: ErrorOptions) {
    super(`the report was not saved: ${reason}; no file was left behind`, options)
  }
}

/** Whoever asked for a report to be saved wants it no more; none of its files was left behind. */
export class ReportCancelledError extends VarcoError {
  readonly code = 'report-cancelled'

  constructor(options?: ErrorOptions) {
    super('the report was cancelled; no file was left behind', options)
  }
}

/** A period that cannot be reported on. */
export class InvalidPeriodError extends VarcoError {
  readonly code = 'invalid-period'
}

/** A contract that the bundle in force does not name. */
export class UnknownContractError extends VarcoError {
  readonly code = 'unknown-contract'

  constructor() {
    super('the bundle in force knows no such contract')
  }
}
