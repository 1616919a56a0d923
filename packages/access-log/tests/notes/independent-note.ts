import { createHash, createPublicKey, verify } from 'node:crypto'

/*
 * A reader of signed notes and checkpoints written from the C2SP texts alone, sharing no code with the package.
 */

interface Opened {
  readonly text: string
  readonly origin: string
  readonly size: bigint
  readonly root: Buffer
}

/** @throws when the note is not signed by the key or is no checkpoint */
export function openIndependently(note: string, verifierKey: string): Opened {
  const plus = verifierKey.split('+')
  const name = plus[0] ?? ''
  const keyHash = plus[1] ?? ''
  const material = Buffer.from(plus.slice(2).join('+'), 'base64')
  if (material[0] !== 1) throw new Error('not an Ed25519 key')
  const publicKey = material.subarray(1)
  const id = createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(1))
    .update(publicKey)
    .digest()
    .subarray(0, 4)
  if (id.toString('hex') !== keyHash) throw new Error('the key id is wrong')

  const separator = note.lastIndexOf('\n\n')
  const text = note.slice(0, separator + 1)
  const lines = note.slice(separator + 2).split('\n')
  if (lines.pop() !== '') throw new Error('the note does not end in a newline')
  const signed = lines.some((line) => {
    if (!line.startsWith(`— ${name} `)) return false
    const bytes = Buffer.from(line.slice(`— ${name} `.length), 'base64')
    if (!bytes.subarray(0, 4).equals(id)) return false
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey])
    return verify(
      null,
      Buffer.from(text, 'utf8'),
      createPublicKey({ key: der, format: 'der', type: 'spki' }),
      bytes.subarray(4),
    )
  })
  if (!signed) throw new Error('not signed by this key')

  const [origin = '', size = '', root = '', ...rest] = text.split('\n')
  if (rest.length !== 1 || rest[0] !== '') throw new Error('extension lines')
  return { text, origin, size: BigInt(size), root: Buffer.from(root, 'base64') }
}
