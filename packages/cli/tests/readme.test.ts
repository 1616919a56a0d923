import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { readmeExample } from '@varco/core/testing'
import { expect, test } from 'vitest'
// #region example
import { runVarco } from '@varco/cli'

// #endregion

test('the example of the README runs as printed', async () => {
  const out = new PassThrough()
  const err = new PassThrough()
  // #region example
  const stop = new AbortController().signal
  const exitCode = await runVarco(['policy', 'check', 'policies'], { env: {}, out, err, stop })
  // #endregion
  out.end()
  expect(exitCode).toBe(0)
  expect(await text(out)).toMatch(/no mistakes/)
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
