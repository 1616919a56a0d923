import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** In a process of its own: there the first server replaces `Response` before the answers are loaded. */
const SCRIPT = `
  import { createAdaptorServer } from '@hono/node-server'
  import { Hono } from 'hono'
  createAdaptorServer({ fetch: () => new Response() })
  const { responderOf } = await import('./src/answer/responder.ts')
  const app = new Hono().get('/', async (c) => responderOf(c)(200, { 'varco-event': 'e' }, 'shown'))
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = 'http://127.0.0.1:' + server.address().port
  const answers = await Promise.all(Array.from({ length: 20 }, async () => (await fetch(url)).text()))
  const head = await fetch(url, { method: 'HEAD' })
  const headers = ['varco-event', 'content-length'].map((name) => head.headers.get(name))
  console.log(answers.every((text) => text === 'shown'), head.status, headers.join(' '), await head.text())
  server.closeAllConnections()
  server.close()
`

test('an answer goes out once, whichever server was started before', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions', 'varco:source', '--input-type=module', '-e', SCRIPT],
    { cwd: path.join(import.meta.dirname, '../..') },
  )
  expect({ stdout, stderr }).toEqual({ stdout: 'true 200 e 5 \n', stderr: '' })
})
