import { memoryVaultStore, vaultContract } from '@varco/access-log/testing'
import { asId, type Pseudonym } from '@varco/core'
import { expect, test } from 'vitest'
import { vaultCipher } from '../../src/vault/vault-cipher.ts'

vaultContract(async () => ({ store: memoryVaultStore(), [Symbol.asyncDispose]: async () => {} }))

test('a seal put under another pseudonym does not open', async () => {
  const cipher = await vaultCipher(Buffer.alloc(32, 7))
  const anna = asId<Pseudonym>('op-anna')
  const sealed = await cipher.seal(anna, 'who she is')
  expect(await cipher.open(anna, sealed)).toBe('who she is')
  expect(await cipher.open(asId<Pseudonym>('op-bruno'), sealed)).toBeNull()
  expect(await cipher.open(anna, sealed.with(20, (sealed[20] ?? 0) ^ 1))).toBeNull()
  expect(await cipher.open(anna, sealed.subarray(0, 10))).toBeNull()
})

test('the same identity is never sealed alike twice', async () => {
  const cipher = await vaultCipher(Buffer.alloc(32, 7))
  const anna = asId<Pseudonym>('op-anna')
  expect(await cipher.seal(anna, 'x')).not.toEqual(await cipher.seal(anna, 'x'))
})
