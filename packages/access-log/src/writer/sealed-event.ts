import { canonicalJson, type Json } from '@varco/core'
import { MalformedEventError } from '../errors.ts'
import type { EventDraft, FieldChange } from '../event.ts'
import type { LookupSubject } from '../keys/subject-lookup.ts'
import { hashToBase64, type Hash } from '../merkle/hash.ts'
import type { EventKeys, SideRow } from '../store/log-store.ts'
import { sideRowHash, sideRowsRootText } from '../store/side-row.ts'
import { filterCommitment } from './filter-commitment.ts'

/** What an event learns when it gets its place. */
export interface Place {
  readonly seq: number
  readonly at: bigint
  /** On the first event of a batch: hash of the checkpoint the batch continues from. */
  readonly previous: Hash | null
}

/** An event that only lacks its place: everything slow is done. */
export interface SealedEvent {
  readonly sideRows: readonly SideRow[]
  readonly keys: EventKeys
  /** The event's canonical JSON (RFC 8785) at its place. */
  readonly bodyAt: (place: Place) => string
}

export interface Sealing {
  readonly origin: string
  readonly writer: string
  readonly epoch: number
  readonly lookup: LookupSubject
  readonly salt: () => Uint8Array
}

/**
 * Checks a draft, turns data subjects into lookups and filter values into commitments, and encodes it.
 * Keys are written in RFC 8785's order by hand, which is several times faster than sorting them each time;
 * what is `null` or empty is left out.
 * @throws MalformedEventError
 */
export function sealEvent(draft: EventDraft, { origin, writer, epoch, lookup, salt }: Sealing): SealedEvent {
  const sideRows: SideRow[] = draft.disclosures.map(({ resource, recordKey, dataSubject }) => ({
    subject:
      dataSubject === null
        ? null
        : lookup({ kind: name('dataSubject', dataSubject.kind), id: name('dataSubject', dataSubject.id) }),
    resource: name('resource', resource),
    recordKey: name('recordKey', recordKey),
    salt: salt(),
  }))
  let filters = ''
  let changes = ''
  const changed = draft.changes ?? []
  if (draft.filters.length > 0 || changed.length > 0) {
    const secret = salt()
    sideRows.push({ subject: null, resource: null, recordKey: null, salt: secret })
    filters = sealedList(draft.filters, 'filters', (filter, position) =>
      sealedFilter(secret, position, filter),
    )
    // Two commitments each, at places of their own after the filters'.
    changes = sealedList(changed, 'changes', (change, index) =>
      sealedChange(secret, draft.filters.length + 2 * index, change, draft.disclosures.length),
    )
  }

  const head = `{${draft.action === null ? '' : `"action":${text('action', draft.action)},`}"at":"`
  const afterAt =
    `"${changes}${member('contract', draft.contract)}${member('decision', draft.decision)}${detail(draft.detail)}` +
    `${disclosed(draft.disclosures.length, sideRows)},"epoch":${epoch}${filters}${member('grant', draft.grant)}` +
    `${member('instructedBy', draft.instructedBy)}${member('kind', draft.kind)}${list('masked', draft.masked)}` +
    `${member('operator', draft.operator)},"origin":${JSON.stringify(origin)}${list('plain', draft.plain)}` +
    member('policyVersion', draft.policyVersion)
  const beforeSeq =
    `${member('processor', draft.processor)}${member('purpose', draft.purpose)}${list('reasons', draft.reasons)}` +
    `${member('requestId', draft.requestId)}${member('resource', draft.resource)}${member('role', draft.role)}` +
    `${list('rules', draft.rules)},"seq":"`
  const tail =
    `"${member('ticket', draft.ticket)}${member('unit', draft.unit)},"v":1` +
    `${member('workstation', draft.workstation)},"writer":${JSON.stringify(writer)}}`

  return {
    sideRows,
    keys: {
      operator: draft.operator,
      ticket: draft.ticket,
      act: draft.kind === 'access' ? null : draft.kind,
      denied: draft.decision === 'deny',
    },
    bodyAt: ({ seq, at, previous }) => {
      const link = previous === null ? '' : `,"previous":"${hashToBase64(previous)}"`
      return `${head}${at}${afterAt}${link}${beforeSeq}${seq}${tail}`
    },
  }
}

function sealedFilter(secret: Uint8Array, position: number, filter: EventDraft['filters'][number]): string {
  const commitment = hashToBase64(filterCommitment(secret, position, filter))
  return `{"commitment":"${commitment}","field":${text('filters', filter.field)},"op":${text('filters', filter.op)}}`
}

function sealedChange(
  secret: Uint8Array,
  position: number,
  { field, record, before, after }: FieldChange,
  records: number,
): string {
  if (!Number.isInteger(record) || record < 0 || record >= records) throw new MalformedEventError('changes')
  const commit = (at: number, op: string, value: string): string =>
    hashToBase64(filterCommitment(secret, at, { field, op, value }))
  return (
    `{"after":"${commit(position + 1, 'after', after)}","before":"${commit(position, 'before', before)}",` +
    `"field":${text('changes', field)},"record":${record}}`
  )
}

function sealedList<T>(
  items: readonly T[],
  key: string,
  seal: (item: T, position: number) => string,
): string {
  return items.length === 0 ? '' : `,"${key}":[${items.map(seal).join(',')}]`
}

function disclosed(count: number, sideRows: readonly SideRow[]): string {
  if (sideRows.length === 0) return ''
  return `,"disclosed":{"count":${count},"root":"${sideRowsRootText(sideRows.map(sideRowHash))}"}`
}

function member(key: string, value: string | null): string {
  return value === null ? '' : `,"${key}":${text(key, value)}`
}

function list(key: string, values: readonly string[]): string {
  return values.length === 0 ? '' : `,"${key}":[${values.map((value) => text(key, value)).join(',')}]`
}

function detail(value: EventDraft['detail']): string {
  if (value === null) return ''
  checkTexts(value)
  return `,"detail":${canonicalJson(value)}`
}

/** Names, ids and codes are short, and PostgreSQL refuses NUL and indexes texts up to a length. */
const MAX_NAME_CHARS = 512
// eslint-disable-next-line no-control-regex -- what is refused
const CONTROL = /[\u0000-\u001f\u007f]/
const [QUOTE, BACKSLASH, SPACE, TILDE] = [0x22, 0x5c, 0x20, 0x7e]

/** Whether a text stands in JSON as it is: printable ASCII without quote and backslash, as nearly every name is. */
function isPlain(value: string): boolean {
  if (value.length > MAX_NAME_CHARS) return false
  for (let i = 0; i < value.length; i++) {
    const char = value.charCodeAt(i)
    if (char < SPACE || char > TILDE || char === QUOTE || char === BACKSLASH) return false
  }
  return true
}

function name(key: string, value: string): string {
  if (isPlain(value)) return value
  if (value.length > MAX_NAME_CHARS || CONTROL.test(value) || !value.isWellFormed())
    throw new MalformedEventError(key)
  return value
}

function text(key: string, value: string): string {
  return isPlain(value) ? `"${value}"` : JSON.stringify(name(key, value))
}

function checkTexts(value: Json): void {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed()) throw new MalformedEventError('detail')
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) checkTexts(item)
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      checkTexts(key)
      checkTexts(item)
    }
  }
}
