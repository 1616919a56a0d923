import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { openIndependently } from '../notes/independent-note.ts'
import { isConsistent } from '../../src/merkle/proof.ts'
import type { Hash } from '../../src/merkle/hash.ts'

/** A witness written from C2SP tlog-witness and tlog-cosignature, over a function in the place of HTTP. */
export function testWitness(logVerifier: string) {
  const name = 'witness.example/w1'
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const id = createHash('sha256').update(`${name}\n`).update(Buffer.of(4)).update(raw).digest().subarray(0, 4)
  const seen = new Map<string, { size: number; root: Hash }>()
  const witness = {
    verifierKey: `${name}+${id.toString('hex')}+${Buffer.concat([Buffer.of(4), raw]).toString('base64')}`,
    seen,
    requests: [] as string[],
    /** Answers lost on the way back. */
    losesAnswers: false,
    /** Signs another text than it was sent. */
    lies: false,
    fetch: (async (url: string, init: { body: string }) => {
      witness.requests.push(url)
      const answer = respond(init.body)
      if (witness.losesAnswers) throw new Error('the answer was lost')
      return answer
    }) as unknown as typeof fetch,
  }

  function respond(body: string): Response {
    const split = body.indexOf('\n\n')
    const [first = '', ...proof] = body.slice(0, split).split('\n')
    const old = Number(/^old (0|[1-9]\d*)$/.exec(first)?.[1] ?? Number.NaN)
    const note = body.slice(split + 2)
    let opened
    try {
      opened = openIndependently(note, logVerifier)
    } catch {
      return new Response('', { status: 403 })
    }
    const newer = { size: Number(opened.size), root: opened.root.toString('latin1') as Hash }
    if (!(old <= newer.size)) return new Response('', { status: 400 })
    const last = seen.get(opened.origin)
    if (old !== (last?.size ?? 0)) {
      return new Response(`${last?.size ?? 0}\n`, {
        status: 409,
        headers: { 'content-type': 'text/x.tlog.size' },
      })
    }
    const path = proof.map((line) => Buffer.from(line, 'base64').toString('latin1') as Hash)
    if (last !== undefined && !isConsistent(last, newer, path)) return new Response('', { status: 422 })
    if (last === undefined && path.length > 0) return new Response('', { status: 422 })
    seen.set(opened.origin, newer)
    const time = 1_795_500_000n
    const timestamp = Buffer.alloc(8)
    timestamp.writeBigUInt64BE(time)
    const text = witness.lies ? 'another\n1\nAAAA\n' : opened.text
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), privateKey)
    return new Response(`— ${name} ${Buffer.concat([id, timestamp, signature]).toString('base64')}\n`)
  }
  return witness
}
