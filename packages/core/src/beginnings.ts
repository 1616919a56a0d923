/**
 * The first so many bytes of a buffer that is written to again and again, for hashing them where they stand. Making a view takes about as
 * long as hashing what is short; lengths come again and again, so each view is made once.
 */
export function beginnings(buffer: Buffer): (length: number) => Uint8Array {
  const views: (Uint8Array | undefined)[] = Array.from({ length: buffer.length + 1 })
  return (length) => (views[length] ??= buffer.subarray(0, length))
}
