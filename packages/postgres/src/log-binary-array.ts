/** Object ids of the element types, from PostgreSQL's catalogue. */
const OID = { bytea: 17, int8: 20, int4: 23, text: 25, json: 114, uuid: 2950 } as const

const HEADER_BYTES = 20
const ABSENT = -1

/*
 * One-dimensional arrays in PostgreSQL's binary form, as parameters for `unnest`: no quoting on this side, no parsing
 * on the other, and nothing flattened. Each element is its length in four bytes and its bytes.
 */

export function int8Array(values: readonly (number | bigint)[]): Buffer {
  const array = begin(OID.int8, values.length, 8 * values.length)
  let at = HEADER_BYTES
  for (const value of values) {
    // INVARIANT: indices and times are not negative and below 2^53, the year 2255 in microseconds.
    const number = Number(value)
    at = array.writeInt32BE(8, at)
    at = array.writeInt32BE(Math.floor(number / 0x1_0000_0000), at)
    at = array.writeUInt32BE(number % 0x1_0000_0000, at)
  }
  return array
}

export function int4Array(values: readonly number[]): Buffer {
  const array = begin(OID.int4, values.length, 4 * values.length)
  let at = HEADER_BYTES
  for (const value of values) {
    at = array.writeInt32BE(4, at)
    at = array.writeInt32BE(value, at)
  }
  return array
}

export function textArray(values: readonly (string | null)[], type: 'text' | 'json' = 'text'): Buffer {
  const most = values.reduce((sum, value) => sum + MAX_BYTES_A_CHAR * (value?.length ?? 0), 0)
  const array = begin(OID[type], values.length, most)
  let at = HEADER_BYTES
  for (const value of values) {
    const length = value === null ? ABSENT : putText(array, value, at + 4)
    array.writeInt32BE(length, at)
    at += 4 + Math.max(length, 0)
  }
  return array.subarray(0, at)
}

/** Of UTF-8, for each UTF-16 unit. */
const MAX_BYTES_A_CHAR = 3
/** Up to this many characters a loop here is quicker than a call into the runtime. */
const SHORT_CHARS = 40

function putText(array: Buffer, text: string, at: number): number {
  if (text.length > SHORT_CHARS) return array.write(text, at)
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char >= 0x80) return array.write(text, at)
    array[at + i] = char
  }
  return text.length
}

/** Of 16 bytes each, as latin1 strings. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  const array = begin(
    OID.uuid,
    values.length,
    values.reduce((sum, value) => sum + (value === null ? 0 : 16), 0),
  )
  let at = HEADER_BYTES
  for (const value of values) {
    at = array.writeInt32BE(value === null ? ABSENT : 16, at)
    if (value !== null) for (let i = 0; i < 16; i++) array[at++] = value.charCodeAt(i)
  }
  return array
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  const array = begin(
    OID.bytea,
    values.length,
    values.reduce((sum, value) => sum + value.length, 0),
  )
  let at = HEADER_BYTES
  for (const value of values) {
    at = array.writeInt32BE(value.length, at)
    array.set(value, at)
    at += value.length
  }
  return array
}

/** Header: one dimension, nulls allowed, element type, length, first index 1. */
function begin(oid: number, length: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + 4 * length + bytes)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(1, 4)
  array.writeInt32BE(oid, 8)
  array.writeInt32BE(length, 12)
  array.writeInt32BE(1, 16)
  return array
}
