/** Makes the number that a stretch of bytes is to have: 0 or more. */
type NumberText = (bytes: Buffer, start: number, end: number) => number

const FEWEST_SLOTS = 1_024
const FEWEST_BYTES = 16_384
/** Of the slots, one in so many may be taken before the table grows. */
const SPARSE = 2
/** What stands in a slot, side by side, for they are looked at together: hash, end and length in the store, number. */
const SLOT = { hash: 0, end: 1, length: 2, number: 3 } as const
const SLOT_WIDTH = 4
const SLOT_BITS = 2

/**
 * The numbers of stretches of bytes, each made once however often it comes: a text found here costs neither decoding nor memory.
 * What is known stays known; whoever keeps it begins another in time.
 */
export class KnownTexts {
  readonly #make: NumberText
  /** A slot is free where its end is 0. */
  #slots = new Int32Array(FEWEST_SLOTS * SLOT_WIDTH)
  #store = Buffer.alloc(FEWEST_BYTES)
  #used = 1
  #size = 0

  constructor(make: NumberText) {
    this.#make = make
  }

  /** @param hash of the bytes, by `textHash` or the same step by step, or another that differs from text to text */
  of(bytes: Buffer, start: number, end: number, hash: number): number {
    const slots = this.#slots
    const wrap = slots.length - 1
    let slot = (hash << SLOT_BITS) & wrap
    for (; slots[slot + SLOT.end] !== 0; slot = (slot + SLOT_WIDTH) & wrap)
      if (slots[slot + SLOT.hash] === hash && this.#holds(slot, bytes, start, end))
        return slots[slot + SLOT.number] ?? 0
    return this.#add(slot, bytes, start, end, hash)
  }

  #holds(slot: number, bytes: Buffer, start: number, end: number): boolean {
    const length = end - start
    if (this.#slots[slot + SLOT.length] !== length) return false
    const store = this.#store
    const from = (this.#slots[slot + SLOT.end] ?? 0) - length
    for (let i = 0; i < length; i++) if (store[from + i] !== bytes[start + i]) return false
    return true
  }

  #add(slot: number, bytes: Buffer, start: number, end: number, hash: number): number {
    const number = this.#make(bytes, start, end)
    const length = end - start
    if (this.#used + length > this.#store.length) {
      const store = Buffer.alloc((this.#used + length) * 2)
      this.#store.copy(store, 0, 0, this.#used)
      this.#store = store
    }
    for (let at = start; at < end; at++) this.#store[this.#used++] = bytes[at] ?? 0
    const slots = this.#slots
    slots[slot + SLOT.hash] = hash
    slots[slot + SLOT.end] = this.#used
    slots[slot + SLOT.length] = length
    slots[slot + SLOT.number] = number
    this.#size++
    if (this.#size * SPARSE * SLOT_WIDTH > this.#slots.length) this.#grow()
    return number
  }

  #grow(): void {
    const before = this.#slots
    const slots = new Int32Array(before.length * 4)
    const wrap = slots.length - 1
    for (let from = 0; from < before.length; from += SLOT_WIDTH) {
      if (before[from + SLOT.end] === 0) continue
      let slot = ((before[from + SLOT.hash] ?? 0) << SLOT_BITS) & wrap
      while (slots[slot + SLOT.end] !== 0) slot = (slot + SLOT_WIDTH) & wrap
      slots.set(before.subarray(from, from + SLOT_WIDTH), slot)
    }
    this.#slots = slots
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
