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
    at = array.writeInt32BE(8, at)
    at = array.writeBigInt64BE(BigInt(value), at)
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
  const bytes = values.reduce((sum, value) => sum + (value === null ? 0 : Buffer.byteLength(value)), 0)
  const array = begin(OID[type], values.length, bytes)
  let at = HEADER_BYTES
  for (const value of values) {
    const length = value === null ? ABSENT : array.write(value, at + 4)
    array.writeInt32BE(length, at)
    at += 4 + Math.max(length, 0)
  }
  return array
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
    if (value !== null) at += array.write(value, at, 16, 'latin1')
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
