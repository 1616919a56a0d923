// Everything that can be said of the code without running it: format, lint, types, dead code.
import { runSteps } from './steps.ts'

process.exitCode = await runSteps([
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '-b'] },
  { name: 'format', command: ['node_modules/oxfmt/bin/oxfmt', '--check', '.'] },
  { name: 'lint', command: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js'] },
])
