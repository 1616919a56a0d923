import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { bundleJsonSchemas } from '@varco/policy'
import { expect, test } from 'vitest'

const SCHEMAS = path.join(import.meta.dirname, '../../../../policies/.schemas')

test('the schemas beside the sample policies are those of the code: “varco policy schemas policies” writes them', async () => {
  for (const [name, text] of bundleJsonSchemas()) {
    const written: unknown = JSON.parse(await readFile(path.join(SCHEMAS, name), 'utf8'))
    expect(written, name).toEqual(JSON.parse(text))
  }
})
