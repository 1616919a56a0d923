import fc from 'fast-check'
import { expect, test } from 'vitest'
import { subtreeHash } from '../../src/merkle/frontier.ts'
import { leafHash, type Hash } from '../../src/merkle/hash.ts'
import { tileNodes } from '../../src/reading/tile-nodes.ts'

const LEAVES = Array.from({ length: 70_000 }, (_, i) => leafHash(String(i)))

/** Rows as a store has them, each one that is read noted; `single` is never right here. */
function treeOf(size: number, from = 0) {
  const read: string[] = []
  const hashes = new Map<number, readonly Hash[]>([[0, LEAVES.slice(0, size)]])
  const rowOf = (base: number): readonly Hash[] => {
    const known = hashes.get(base)
    if (known !== undefined) return known
    const under = rowOf(base - 8)
    const row = Array.from(
      { length: Math.floor(under.length / 256) },
      (_, i) => subtreeHash(under.slice(i * 256, (i + 1) * 256)) ?? leafHash('none'),
    )
    hashes.set(base, row)
    return row
  }
  const readRow = async (base: number, start: number, end: number): Promise<readonly Hash[]> => {
    read.push(`${base}.${start}`)
    return rowOf(base).slice(start, end)
  }
  const single = async (level: number, index: number): Promise<Hash> => leafHash(`single ${level}.${index}`)
  return { read, nodeAt: tileNodes(size, from, readRow, single) }
}

test('gives every complete subtree’s own hash, whatever the size', async () => {
  const { nodeAt } = treeOf(70_000)
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 16 }), fc.nat(70_000), async (level, at) => {
      const index = Math.min(Math.floor(at / 2 ** level), Math.floor(70_000 / 2 ** level) - 1)
      const leaves = LEAVES.slice(index * 2 ** level, (index + 1) * 2 ** level)
      expect(await nodeAt(level, index)).toBe(subtreeHash(leaves))
    }),
    { numRuns: 60 },
  )
})

test('reads a tile once for all that neighbours ask of it', async () => {
  const { read, nodeAt } = treeOf(1_000)
  for (let level = 0; level < 8; level++) await Promise.all([nodeAt(level, 0), nodeAt(level, 1)])
  expect(read).toEqual(['0.0'])
})

test('keeps what is asked for again and forgets what is not', async () => {
  const { read, nodeAt } = treeOf(70_000)
  for (let tile = 0; tile < 200; tile++) {
    await nodeAt(8, 0)
    await nodeAt(0, tile * 256)
  }
  expect(read.filter((row) => row === '8.0')).toHaveLength(1)
  await nodeAt(0, 0)
  expect(read.filter((row) => row === '0.0')).toHaveLength(2)
})

test('asks for one node where the tree has no whole tile for it, or a prune left none', async () => {
  const { nodeAt } = treeOf(300, 256)
  expect(await nodeAt(0, 0)).toBe(leafHash('single 0.0'))
  expect(await nodeAt(0, 300)).toBe(leafHash('single 0.300'))
  expect(await nodeAt(0, 256)).toBe(LEAVES[256])
})
