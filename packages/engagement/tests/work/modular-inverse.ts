/** The number that undoes `n` under `modulus`. */
export function modularInverse(n: bigint, modulus: bigint): bigint {
  let [r, next, x, nextX] = [modulus, n % modulus, 0n, 1n]
  while (next !== 0n) {
    const times = r / next
    ;[r, next, x, nextX] = [next, r - times * next, nextX, x - times * nextX]
  }
  return ((x % modulus) + modulus) % modulus
}
