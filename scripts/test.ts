// `npm test`: the checks, then every test, a real PostgreSQL and a real browser included.
import { runSteps } from './steps.ts'

const vitest = 'node_modules/vitest/vitest.mjs'

process.exitCode = await runSteps([
  { name: 'checks', command: ['scripts/check.ts'] },
  { name: 'tests', command: [vitest, 'run', ...process.argv.slice(2)] },
])
