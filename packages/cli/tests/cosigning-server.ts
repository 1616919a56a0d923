import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A witness over HTTP that believes whatever it is sent, and cosigns it (C2SP tlog-witness, tlog-cosignature). */
export async function cosigningServer() {
  const name = 'witness.example/w1'
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const key = Buffer.concat([
    Buffer.of(4),
    Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
  ])
  const id = createHash('sha256').update(`${name}\n`).update(key).digest().subarray(0, 4)
  const cosignature = (body: string): string => {
    const note = body.slice(body.indexOf('\n\n') + 2)
    const signed = note.slice(0, note.indexOf('\n\n') + 1)
    const timestamp = Buffer.alloc(8)
    timestamp.writeBigUInt64BE(1_795_500_000n)
    const signature = sign(null, Buffer.from(`cosignature/v1\ntime 1795500000\n${signed}`), privateKey)
    return `— ${name} ${Buffer.concat([id, timestamp, signature]).toString('base64')}\n`
  }
  const server = createServer((request, response) => {
    const known = request.method === 'POST' && request.url === '/add-checkpoint'
    void text(request).then((body) =>
      response.writeHead(known ? 200 : 404).end(known ? cosignature(body) : ''),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    verifierKey: `${name}+${id.toString('hex')}+${key.toString('base64')}`,
    close: async (): Promise<void> => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
