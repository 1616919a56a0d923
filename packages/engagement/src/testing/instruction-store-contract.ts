import { asId } from '@varco/core'
import { describe, expect, test } from 'vitest'
import type { EngagementStore, EngagementWriter } from '../facts.ts'
import type { Instruction } from '../instructions/instruction.ts'
import type { InstructionStore } from '../instructions/instruction-store.ts'
import { assignmentFact, FIXTURE_NOW, operatorFact } from './engagement-facts.ts'

export function instructionFact(overrides: Partial<Instruction> = {}): Instruction {
  return {
    operator: operatorFact().id,
    pseudonym: assignmentFact().pseudonym,
    instructedBy: 'customer-relations',
    from: FIXTURE_NOW,
    until: FIXTURE_NOW + 60_000_000n,
    ...overrides,
  }
}

interface World {
  readonly engagement: EngagementStore & EngagementWriter
  readonly instructions: InstructionStore
}

/** What every store of instructions must do, beside the store that knows people. `open` gives an empty one. */
export function instructionStoreContract(name: string, open: () => Promise<World>): void {
  describe(`${name} as a store of instructions`, () => {
    test('keeps the one said last, until it ends', async () => {
      const { instructions } = await open()
      const first = instructionFact()
      const { pseudonym, until } = first
      expect(await instructions.instruction(pseudonym, FIXTURE_NOW)).toBeNull()
      await instructions.putInstruction(first)
      await instructions.putInstruction(instructionFact({ pseudonym: asId('AUR-OTHER') }))
      expect(await instructions.instruction(pseudonym, until - 1n)).toEqual(first)
      expect(await instructions.instruction(pseudonym, until)).toBeNull()
      const second = instructionFact({ instructedBy: 'GSE-4T2KQ', until: 2n ** 53n + 1n })
      await instructions.putInstruction(second)
      expect(await instructions.instruction(pseudonym, until)).toEqual(second)
      expect(await instructions.endInstruction(pseudonym, FIXTURE_NOW + 5n)).toBe(true)
      expect(await instructions.endInstruction(pseudonym, FIXTURE_NOW + 5n)).toBe(false)
      expect(await instructions.instruction(pseudonym, FIXTURE_NOW + 5n)).toBeNull()
      expect(await instructions.instruction(asId('AUR-OTHER'), FIXTURE_NOW)).not.toBeNull()
    })

    test('whoever asks who somebody is learns it, and of nobody else', async () => {
      const { engagement, instructions } = await open()
      const operator = operatorFact()
      const other = operatorFact({ id: asId('aurora:other'), externalId: 'other' })
      await engagement.putMany({
        operators: [operator, other],
        assignments: [assignmentFact(), assignmentFact({ operator: other.id, pseudonym: asId('AUR-OTHER') })],
      })
      await instructions.putInstruction(instructionFact())
      // Said under a pseudonym that is another person's: it is not theirs.
      await instructions.putInstruction(instructionFact({ pseudonym: asId('AUR-OTHER') }))
      const said = async (externalId: string, now = FIXTURE_NOW) =>
        (await engagement.whoIs(operator.issuer, externalId, now))?.instructions
      expect(await said(operator.externalId)).toEqual([instructionFact()])
      expect(await said('other')).toBeUndefined()
      expect(await said(operator.externalId, instructionFact().until)).toBeUndefined()
    })
  })
}
