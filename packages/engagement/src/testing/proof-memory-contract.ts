import { describe, expect, test } from 'vitest'
import type { ProofMemory } from '../proofs/proof-memory.ts'
import { FIXTURE_NOW } from './engagement-facts.ts'

const SECOND = 1_000_000n

function proof(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

/** What every memory of proofs must do. `open` gives an empty one. */
export function proofMemoryContract(name: string, open: () => Promise<ProofMemory>): void {
  const until = FIXTURE_NOW + 140n * SECOND

  describe(`${name} as a memory of proofs`, () => {
    test('knows each proof again', async () => {
      const memory = await open()
      expect(await memory.remember(proof(1), FIXTURE_NOW, until)).toBe(true)
      expect(await memory.remember(proof(1), FIXTURE_NOW + SECOND, until)).toBe(false)
      expect(await memory.remember(proof(2), FIXTURE_NOW, until)).toBe(true)
      expect(await memory.remember(proof(1), until, until + SECOND)).toBe(false)
    })

    test('of many that come with one proof at once, lets one pass', async () => {
      const memory = await open()
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, number) => memory.remember(proof(number % 4), FIXTURE_NOW, until)),
      )
      expect(answers.filter(Boolean)).toHaveLength(4)
    })
  })
}
