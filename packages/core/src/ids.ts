declare const brand: unique symbol

/** A string that has been checked to be an id of one kind; another kind's id does not fit in its place. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind }

/** An external company that processes personal data for the controller (GDPR Art. 4(8)). */
export type ProcessorId = Id<'processor'>
/** One Art. 28 contract; a processor may hold several, one after the other. */
export type ContractId = Id<'contract'>
/** A task an access is for, as named in `purposes.yaml`. */
export type PurposeId = Id<'purpose'>
/** A kind of record in the catalogue, such as `invoice`. */
export type ResourceName = Id<'resource'>
/** A field of a resource. */
export type FieldName = Id<'field'>
/** A rule of the bundle. */
export type RuleId = Id<'rule'>
/** A person who works for a contractor or for the body; internal key, never in the log. */
export type OperatorId = Id<'operator'>
/** What the log and every report call an operator; one per operator and contract. */
export type Pseudonym = Id<'pseudonym'>
export type TicketId = Id<'ticket'>
export type GrantId = Id<'grant'>
/** One process that appends to the access log, such as `proxy-1`. */
export type WriterId = Id<'writer'>
/** One entry of the access log, `writer.epoch.seq`. */
export type EventId = Id<'event'>
export type RequestId = Id<'request'>
/** SHA-256 of the bundle's canonical JSON, 64 hex digits (RFC 8785). */
export type PolicyVersion = Id<'policy-version'>

const ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,127}$/

/** Whether a string may serve as an id: 1 to 128 characters out of letters, digits and `._:@/-`. */
export function isId(value: string): boolean {
  return ID_PATTERN.test(value)
}

/** Brands a string known to be an id of the kind; the check of its form belongs to the boundary's schema. */
export function asId<T extends Id<string>>(value: string): T {
  return value as T
}

/**
 * Whose data a record is: the kind (`producer`, `visitor`, `lead`) and the key within the body's records.
 * Personal data: never logged, never in the access log but as a keyed lookup.
 */
export interface DataSubjectRef {
  readonly kind: string
  readonly id: string
}
