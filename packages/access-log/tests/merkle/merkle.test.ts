import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { frontierLength, frontierRoot, GrowingFrontier, type TreeNode } from '../../src/merkle/frontier.ts'
import {
  EMPTY_ROOT,
  hashFromBase64,
  hashToBase64,
  leafHash,
  leafHashOfPrefixed,
  type Hash,
} from '../../src/merkle/hash.ts'
import {
  consistencyPath,
  inclusionPath,
  isConsistent,
  rootFromInclusion,
  type NodeSource,
} from '../../src/merkle/proof.ts'
import { RangeNodes } from '../../src/merkle/range-nodes.ts'
import { mth, path, proof } from './naive-tree.ts'

const hex = (hash: Hash): string => Buffer.from(hash, 'latin1').toString('hex')
const asHash = (bytes: Buffer): Hash => bytes.toString('latin1') as Hash

/** The entries and roots that Certificate Transparency implementations test themselves with. */
const CT_ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const CT_ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const entryBytes = (i: number): Buffer => Buffer.from(`entry ${i}`)
const entries = (n: number): Buffer[] => Array.from({ length: n }, (_, i) => entryBytes(i))

function treeOf(data: readonly Buffer[], onNode?: (node: TreeNode) => void): GrowingFrontier {
  const tree = new GrowingFrontier()
  for (const bytes of data) tree.append(leafHashOfPrefixed(Buffer.concat([Buffer.of(0), bytes])), onNode)
  return tree
}

const nodesOf =
  (data: readonly Buffer[]): NodeSource =>
  async (level, index) =>
    asHash(mth(data.slice(index * 2 ** level, (index + 1) * 2 ** level)))

describe('RFC 6962 hashing', () => {
  test('the empty tree has the hash of nothing', () => {
    expect(hex(EMPTY_ROOT)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(hex(frontierRoot(new GrowingFrontier()))).toBe(hex(EMPTY_ROOT))
  })

  test('gives the roots of the Certificate Transparency test vectors', () => {
    const data = CT_ENTRIES.map((entry) => Buffer.from(entry, 'hex'))
    for (const [i, root] of CT_ROOTS.entries())
      expect(hex(frontierRoot(treeOf(data.slice(0, i + 1))))).toBe(root)
  })

  test('a text and its bytes have the same leaf hash', () => {
    expect(leafHash('perché')).toBe(leafHashOfPrefixed(Buffer.from('\0perché')))
  })

  test('gives the roots of the definitions at every size to 70', () => {
    for (let n = 0; n <= 70; n++)
      expect(hex(frontierRoot(treeOf(entries(n))))).toBe(mth(entries(n)).toString('hex'))
  })

  test('a frontier has a node for each one bit of its size', () => {
    for (let n = 0; n <= 70; n++) expect(treeOf(entries(n)).nodes).toHaveLength(frontierLength(n))
    expect(frontierLength(2 ** 40 + 5)).toBe(3)
  })

  test('tells of each complete subtree once', () => {
    const seen: string[] = []
    treeOf(entries(8), ({ level, index, hash }) => {
      expect(hex(hash)).toBe(
        mth(entries(8).slice(index * 2 ** level, (index + 1) * 2 ** level)).toString('hex'),
      )
      seen.push(`${level}.${index}`)
    })
    expect(seen.toSorted()).toEqual(['1.0', '1.1', '1.2', '1.3', '2.0', '2.1', '3.0'])
  })

  test('base64 that is not that of 32 bytes is no hash', () => {
    expect(hashFromBase64(hashToBase64(EMPTY_ROOT))).toBe(EMPTY_ROOT)
    expect(hashFromBase64('AAAA')).toBeNull()
    expect(hashFromBase64(hashToBase64(EMPTY_ROOT).slice(0, -1))).toBeNull()
    expect(hashFromBase64(` ${hashToBase64(EMPTY_ROOT)}`)).toBeNull()
  })
})

describe('pieces of a tree', () => {
  test('wherever a tree is cut, its pieces make it whole again', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }), (sizes) => {
        const whole = new GrowingFrontier()
        let from = 0
        for (const size of sizes) {
          const piece = new RangeNodes(from)
          for (let i = from; i < from + size; i++) piece.append(leafHash(`entry ${i}`))
          for (const { level, hash } of piece.nodes) whole.appendSubtree(level, hash)
          from += size
        }
        expect(hex(frontierRoot(whole))).toBe(mth(entries(from)).toString('hex'))
      }),
    )
  })
})

describe('inclusion proofs', () => {
  test('are those of the definitions, and lead to the root, at every size to 33', async () => {
    for (let n = 1; n <= 33; n++) {
      const data = entries(n)
      for (let m = 0; m < n; m++) {
        const audit = await inclusionPath(m, n, nodesOf(data))
        expect(audit.map(hex)).toEqual(path(m, data).map((hash) => hash.toString('hex')))
        expect(rootFromInclusion(m, n, leafHash(`entry ${m}`), audit)).toBe(asHash(mth(data)))
      }
    }
  })

  test('a path with a changed, missing or added hash, or for another place, does not lead to the root', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), fc.nat(), (n, a, b, c) => {
        const data = entries(n)
        const m = a % n
        const good = path(m, data).map(asHash)
        const leaf = leafHash(`entry ${m}`)
        const root = asHash(mth(data))
        const spoilt = good.with(b % good.length, leafHash('other'))
        const other = (m + 1 + (c % (n - 1))) % n
        expect(rootFromInclusion(m, n, leaf, spoilt)).not.toBe(root)
        expect(rootFromInclusion(m, n, leaf, good.slice(1))).not.toBe(root)
        expect(rootFromInclusion(m, n, leaf, [...good, leaf])).not.toBe(root)
        expect(rootFromInclusion(other, n, leaf, good)).not.toBe(root)
        expect(rootFromInclusion(m, n, leafHash('other'), good)).not.toBe(root)
      }),
    )
  })

  test('refuses places outside the tree', () => {
    expect(rootFromInclusion(1, 1, leafHash('x'), [])).toBeNull()
    expect(rootFromInclusion(-1, 1, leafHash('x'), [])).toBeNull()
    expect(rootFromInclusion(0.5, 2, leafHash('x'), [leafHash('y')])).toBeNull()
    expect(rootFromInclusion(0, 2 ** 60, leafHash('x'), [])).toBeNull()
  })
})

describe('consistency proofs', () => {
  test('are those of the definitions, and hold, at every pair of sizes to 24', async () => {
    for (let n = 1; n <= 24; n++) {
      const data = entries(n)
      for (let m = 1; m <= n; m++) {
        const found = await consistencyPath(m, n, nodesOf(data))
        expect(found.map(hex)).toEqual(proof(m, data).map((hash) => hash.toString('hex')))
        const older = { size: m, root: asHash(mth(data.slice(0, m))) }
        expect(isConsistent(older, { size: n, root: asHash(mth(data)) }, found)).toBe(true)
      }
    }
  })

  test('no proof holds between trees of which one is not the beginning of the other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.nat(), (n, a, b) => {
        const m = 1 + (a % (n - 1))
        const data = entries(n)
        const forked = data.with(b % m, Buffer.from('forked'))
        const older = { size: m, root: asHash(mth(forked.slice(0, m))) }
        const newer = { size: n, root: asHash(mth(data)) }
        expect(isConsistent(older, newer, proof(m, data).map(asHash))).toBe(false)
        expect(isConsistent(older, newer, proof(m, forked).map(asHash))).toBe(false)
      }),
    )
  })

  test('a smaller tree, another root of the same size, and superfluous hashes are refused', () => {
    const one = { size: 1, root: leafHash('a') }
    const two = { size: 2, root: asHash(mth([Buffer.from('a'), Buffer.from('b')])) }
    expect(isConsistent(two, one, [])).toBe(false)
    expect(isConsistent(one, { size: 1, root: leafHash('b') }, [])).toBe(false)
    expect(isConsistent(one, one, [leafHash('a')])).toBe(false)
    expect(isConsistent({ size: 0, root: EMPTY_ROOT }, two, [])).toBe(true)
    expect(isConsistent({ size: 0, root: leafHash('a') }, two, [])).toBe(false)
  })
})
