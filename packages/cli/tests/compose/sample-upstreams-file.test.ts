import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { envToConfig } from '@varco/core'
import { afterAll, expect, test } from 'vitest'
import { homeOf } from '../../src/compose/home.ts'
import { sampleUpstreamsFile, withSampleUpstreams } from '../../src/compose/sample-upstreams-file.ts'

const dir = await mkdtemp(path.join(tmpdir(), 'varco-upstreams-'))
afterAll(() => rm(dir, { recursive: true }))

test('a command follows the sample body that is up, and neither one that was killed nor where it is told otherwise', async () => {
  const config = envToConfig({ VARCO_HOME: dir })
  const { demo } = homeOf(config)
  expect(withSampleUpstreams(config)).toBe(config)
  await mkdir(demo, { recursive: true })
  const { pid: dead } = spawnSync(process.execPath, ['--version'])
  for (const left of [`upstreams-${dead}.json`, 'upstreams.json', 'upstreams-x.json'])
    await writeFile(path.join(demo, left), '{}')
  expect(withSampleUpstreams(config)).toBe(config)
  const file = sampleUpstreamsFile({ demo })
  await writeFile(file, '{}')
  expect(withSampleUpstreams(config).VARCO_UPSTREAMS).toBe(file)
  const told = envToConfig({ VARCO_HOME: dir, VARCO_UPSTREAMS: path.join(dir, 'own.json') })
  expect(withSampleUpstreams(told)).toBe(told)
})
