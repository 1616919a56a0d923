import type { Random } from './random.ts'

/** A version 4 UUID, as unlikely to be met twice as chance with a seed allows. */
export function randomUuid(random: Random): string {
  const hex = (length: number): string =>
    random
      .int(0, 16 ** length - 1)
      .toString(16)
      .padStart(length, '0')
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(8)}${hex(4)}`
}
