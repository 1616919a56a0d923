export { asId, isId } from './ids.ts'
export type {
  ContractId,
  DataSubjectRef,
  EventId,
  FieldName,
  GrantId,
  Id,
  OperatorId,
  PolicyVersion,
  ProcessorId,
  Pseudonym,
  PurposeId,
  RequestId,
  ResourceName,
  RuleId,
  TicketId,
  WriterId,
} from './ids.ts'
export {
  isoToMicros,
  MICROS_PER_MS,
  MICROS_PER_SECOND,
  microsToDate,
  microsToIso,
  millisToMicros,
} from './clock.ts'
export type { Clock, Micros } from './clock.ts'
export { systemClock } from './system-clock.ts'
export { ConfigError, InvariantError, UnavailableError, VarcoError } from './errors.ts'
export { beginnings } from './beginnings.ts'
export { canonicalJson } from './canonical-json.ts'
export type { Json } from './canonical-json.ts'
export { faultFields, silentDiagnostics } from './diagnostics.ts'
export type { Diagnostics, SafeFields } from './diagnostics.ts'
export { LOCALES, localizedSchema } from './localized.ts'
export type { Locale, Localized } from './localized.ts'
export { envSchema, envToConfig } from './config.ts'
export type { Config } from './config.ts'
export { harmlessCell, textOfHarmlessCell } from './harmless-cell.ts'
export { hmacSha256 } from './hmac-sha-256.ts'
export { mayBeSamePerson } from './may-be-same-person.ts'
export { everySoOften } from './every-so-often.ts'
export type { EverySoOften } from './every-so-often.ts'
export { suppressLinked } from './suppress-linked.ts'
export type { Beside, LinkedTable } from './suppress-linked.ts'
export { sumShown, suppressCells, suppressSmall } from './suppress-small.ts'
export type { SuppressedTable } from './suppress-small.ts'
export { workCountName } from './work-count-name.ts'
