/** Makes what a stretch of bytes stands for. */
export type MakeText<T> = (bytes: Buffer, start: number, end: number) => T

const FEWEST_SLOTS = 1_024
const FEWEST_BYTES = 16_384
/** Of the slots, so many may be taken before the table grows. */
const FULL = 0.5

/**
 * What stretches of bytes stand for, each made once however often it comes: a text found here costs neither decoding nor
 * memory, and two that are equal are the same object. Beyond so many everything is forgotten and begun anew.
 */
export class KnownTexts<T> {
  readonly #make: MakeText<T>
  readonly #most: number
  #hashes = new Int32Array(FEWEST_SLOTS)
  /** Where the bytes of each slot end in the store, and how many they are; 0 where the slot is free. */
  #ends = new Int32Array(FEWEST_SLOTS)
  #lengths = new Int32Array(FEWEST_SLOTS)
  #store = Buffer.alloc(FEWEST_BYTES)
  #used = 1
  #values: T[] = []
  #size = 0

  constructor(make: MakeText<T>, most: number) {
    this.#make = make
    this.#most = most
  }

  /** @param hash of the bytes, by `textHash` or the same step by step */
  of(bytes: Buffer, start: number, end: number, hash: number): T {
    const mask = this.#hashes.length - 1
    let slot = hash & mask
    for (; this.#ends[slot] !== 0; slot = (slot + 1) & mask)
      if (this.#hashes[slot] === hash && this.#holds(slot, bytes, start, end)) return this.#values[slot] as T
    return this.#add(slot, bytes, start, end, hash)
  }

  #holds(slot: number, bytes: Buffer, start: number, end: number): boolean {
    const length = end - start
    if (this.#lengths[slot] !== length) return false
    const store = this.#store
    const from = (this.#ends[slot] ?? 0) - length
    for (let i = 0; i < length; i++) if (store[from + i] !== bytes[start + i]) return false
    return true
  }

  #add(slot: number, bytes: Buffer, start: number, end: number, hash: number): T {
    const value = this.#make(bytes, start, end)
    const length = end - start
    if (this.#used + length > this.#store.length) {
      const store = Buffer.alloc((this.#used + length) * 2)
      this.#store.copy(store, 0, 0, this.#used)
      this.#store = store
    }
    for (let at = start; at < end; at++) this.#store[this.#used++] = bytes[at] ?? 0
    this.#put(slot, hash, this.#used, length, value)
    this.#size++
    if (this.#size >= this.#most) this.#forget()
    else if (this.#size > this.#hashes.length * FULL) this.#grow()
    return value
  }

  #put(slot: number, hash: number, end: number, length: number, value: T): void {
    this.#hashes[slot] = hash
    this.#ends[slot] = end
    this.#lengths[slot] = length
    this.#values[slot] = value
  }

  #forget(): void {
    this.#slots(FEWEST_SLOTS)
    this.#store = Buffer.alloc(FEWEST_BYTES)
    this.#used = 1
    this.#size = 0
  }

  #slots(count: number): void {
    this.#hashes = new Int32Array(count)
    this.#ends = new Int32Array(count)
    this.#lengths = new Int32Array(count)
    // As long as it will be: an array that grows by leaps becomes a table of its own, and slow.
    this.#values = Array.from({ length: count })
  }

  #grow(): void {
    const [hashes, ends, lengths, values] = [this.#hashes, this.#ends, this.#lengths, this.#values]
    this.#slots(hashes.length * 4)
    const mask = this.#hashes.length - 1
    for (const [at, end] of ends.entries()) {
      if (end === 0) continue
      const hash = hashes[at] ?? 0
      let slot = hash & mask
      while (this.#ends[slot] !== 0) slot = (slot + 1) & mask
      this.#put(slot, hash, end, lengths[at] ?? 0, values[at] as T)
    }
  }
}

export const EMPTY_HASH = 0

/** One more byte; whoever steps over bytes anyhow hashes them on the way. */
export function stepHash(hash: number, byte: number): number {
  const mixed = Math.imul(hash ^ byte, 0x5bd1_e995)
  return mixed ^ (mixed >>> 15)
}

export function textHash(bytes: Buffer, start: number, end: number): number {
  let hash = EMPTY_HASH
  for (let at = start; at < end; at++) hash = stepHash(hash, bytes[at] ?? 0)
  return hash
}
