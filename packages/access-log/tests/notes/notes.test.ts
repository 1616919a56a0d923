import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { leafHash } from '../../src/merkle/hash.ts'
import { checkpointText, openCheckpoint, parseCheckpointText } from '../../src/notes/checkpoint.ts'
import {
  noteVerifier,
  parseSigningKey,
  parseVerifier,
  signingKeyText,
  verifierText,
} from '../../src/notes/note-key.ts'
import { parseNote, signNote, verifyNote } from '../../src/notes/signed-note.ts'
import { openIndependently } from './independent-note.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const name = 'gse.example/varco'
const verifier = noteVerifier(name, privateKey)
const checkpoint = { origin: `${name}/proxy-1/1`, size: 17, root: leafHash('x') }
const note = signNote(checkpointText(checkpoint), name, privateKey)

describe('a signed checkpoint', () => {
  test('is opened by an independent reader of the format', () => {
    const opened = openIndependently(note, verifierText(verifier))
    expect(opened).toMatchObject({ origin: checkpoint.origin, size: 17n })
    expect(opened.root.toString('latin1')).toBe(checkpoint.root)
  })

  test('says what was signed, to whoever has the key', () => {
    expect(openCheckpoint(note, [verifier])).toEqual({ ...checkpoint, signers: [verifier] })
  })

  test('is worth nothing under another key, or with any one character changed', () => {
    const other = noteVerifier(name, generateKeyPairSync('ed25519').privateKey)
    expect(openCheckpoint(note, [other])).toBeNull()
    fc.assert(
      fc.property(
        fc.nat({ max: note.length - 1 }),
        fc.constantFrom('a', 'B', '7', '\n', ' ', '+', '='),
        (at, char) => {
          fc.pre(note[at] !== char)
          expect(openCheckpoint(`${note.slice(0, at)}${char}${note.slice(at + 1)}`, [verifier])).toBeNull()
        },
      ),
      { numRuns: 500 },
    )
  })

  test('other keys may sign beside, and are ignored when unknown', () => {
    const witness = generateKeyPairSync('ed25519').privateKey
    const line = signNote(checkpointText(checkpoint), 'witness.example/w1', witness).split('\n\n')[1]
    expect(openCheckpoint(`${note}${line}`, [verifier])?.signers).toEqual([verifier])
    expect(
      openCheckpoint(`${note}${line}`, [verifier, noteVerifier('witness.example/w1', witness)])?.signers,
    ).toHaveLength(2)
  })

  test('a known key whose signature fails spoils the note, even beside one that holds', () => {
    const forged = signNote('other\n1\nAAAA\n', name, privateKey).split('\n\n')[1]
    expect(openCheckpoint(`${note}${forged}`, [verifier])).toBeNull()
  })
})

describe('the format', () => {
  /** The example of the Go implementation's documentation. */
  const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const GO_NOTE =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n" +
    '\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'

  test('reads a note and a key that another implementation wrote', () => {
    const key = parseVerifier(GO_KEY)
    const parsed = parseNote(GO_NOTE)
    if (key === null || parsed === null) throw new Error('not read')
    expect(verifyNote(parsed, [key])).toEqual([key])
  })

  test('keys survive being written and read', () => {
    expect(parseVerifier(verifierText(verifier))).toMatchObject({ name, id: verifier.id })
    const read = parseSigningKey(signingKeyText(name, privateKey))
    expect(read?.name).toBe(name)
    expect(read?.key.export({ format: 'jwk' })).toEqual(privateKey.export({ format: 'jwk' }))
  })

  test('a key whose id is not its own is refused', () => {
    const text = verifierText(verifier)
    expect(parseVerifier(text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'))).toBeNull()
    expect(parseVerifier(text.replace('gse', 'gsf'))).toBeNull()
    expect(parseVerifier('')).toBeNull()
    expect(parseSigningKey(signingKeyText(name, privateKey).replace('gse', 'gsf'))).toBeNull()
  })

  test.each([
    ['no signature', 'text\n'],
    ['no blank line', 'text\n— a AAAAAAAA\n'],
    ['no last newline', 'text\n\n— a AAAAAAAA'],
    ['a control character', 'te\tt\n\n— a AAAAAAAA\n'],
    ['a signature too short', 'text\n\n— a AAAA\n'],
    ['a space in the name', 'text\n\n— a b AAAAAAAA\n'],
  ])('a note with %s is not one', (_, text) => {
    expect(parseNote(text)).toBeNull()
  })

  test.each(['a\n01\nx\n', 'a\n1\n', 'a\n-1\nAAAA\n', 'a\n1\nAAAA\n', ''])('%j is no checkpoint', (text) => {
    expect(parseCheckpointText(text)).toBeNull()
  })

  test('extension lines, which our log never writes, are refused', () => {
    expect(parseCheckpointText(`${checkpointText(checkpoint)}extension\n`)).toBeNull()
  })
})
