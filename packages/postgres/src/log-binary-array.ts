import { InvariantError } from '@varco/core'

/** Object ids of the element types, from PostgreSQL's catalogue. */
const OID = { bytea: 17, int8: 20, int4: 23, text: 25 } as const

const HEADER_BYTES = 20

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

export function textArray(values: readonly string[]): Buffer {
  return elements(
    OID.text,
    values.map((value) => Buffer.from(value)),
  )
}

/**
 * Of `bytea`, from its elements in hexadecimal.
 * @throws InvariantError for what is none: the decoder drops it without a word
 */
export function hexArray(values: readonly string[]): Buffer {
  const array = begin(
    OID.bytea,
    values.length,
    values.reduce((sum, value) => sum + value.length / 2, 0),
  )
  let at = HEADER_BYTES
  for (const value of values) {
    const length = value.length / 2
    at = array.writeInt32BE(length, at)
    if (length === 0 || array.write(value, at, 'hex') !== length)
      throw new InvariantError('an element that is to be bytes is not hexadecimal')
    at += length
  }
  return array
}

export function byteaArray(values: readonly Uint8Array[]): Buffer {
  return elements(OID.bytea, values)
}

function elements(oid: number, values: readonly Uint8Array[]): Buffer {
  const array = begin(
    oid,
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

/** Header: one dimension, element type, length, first index 1. */
function begin(oid: number, length: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + 4 * length + bytes)
  array.writeInt32BE(1, 0)
  array.writeInt32BE(1, 4)
  array.writeInt32BE(oid, 8)
  array.writeInt32BE(length, 12)
  array.writeInt32BE(1, 16)
  return array
}
