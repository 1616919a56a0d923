import path from 'node:path'
import { envToConfig, silentDiagnostics } from '@varco/core'
import { createSampleBody, sampleSubscribers } from '@varco/demo'
import { expect, test } from 'vitest'
import { disposeOfSample } from '../../src/compose/sample-disposal.ts'
import { startSampleUpstreams } from '../../src/compose/sample-upstreams.ts'
import { openServices } from '../../src/compose/services.ts'
import { openMigratedCommandLine, POLICIES } from '../command-line.ts'

test('the sample body’s own run takes what the newsletter’s service has before the contacts it hangs on, and is told again later', async () => {
  await using terminal = await openMigratedCommandLine()
  const { pool } = terminal.database
  await using services = await openServices({
    config: envToConfig({
      VARCO_HOME: path.join(terminal.dir, 'home'),
      VARCO_POLICIES: POLICIES,
      DATABASE_URL: terminal.database.url,
      // The gate may be for others.
      VARCO_HOST: '0.0.0.0',
    }),
    diagnostics: silentDiagnostics,
  })
  await createSampleBody(pool, { now: services.clock.now(), producers: 400 })
  const { config, home, databases } = services
  await using newsletter = await startSampleUpstreams(config, home, databases)
  expect(new URL(newsletter.base).hostname).toBe('127.0.0.1')
  const before = await sampleSubscribers(pool)
  const disposal = await disposeOfSample(services)
  const after = new Set((await sampleSubscribers(pool)).map(({ lead }) => lead))
  const gone = before.filter(({ lead }) => !after.has(lead))
  expect(gone.length).toBeGreaterThan(0)
  // Who did not consent has no address there, and goes as well.
  expect(disposal).toMatchObject({
    approvals: 2,
    rules: [
      {
        ...{ rule: 'fair-lead-erase', kept: 0 },
        upstream: [{ resource: 'newsletter_subscriber', upstream: 'newsletter', done: gone.length }],
      },
      { rule: 'visitor-erase', kept: 0, upstream: [] },
    ],
  })
  for (const { lead } of before)
    expect([lead, newsletter.isSubscribed(lead)]).toEqual([lead, after.has(lead)])
  expect(await disposeOfSample(services)).toMatchObject({ rules: disposal?.rules })
}, 120_000)
