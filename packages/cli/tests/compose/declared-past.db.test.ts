import path from 'node:path'
import { asId, envToConfig, isoToMicros, silentDiagnostics, type ContractId } from '@varco/core'
import { assignmentFact } from '@varco/engagement/testing'
import { expect, test } from 'vitest'
import { countedWork } from '../../src/compose/declared-work.ts'
import { declareSamplePast } from '../../src/compose/declared-past.ts'
import { openServices } from '../../src/compose/services.ts'
import { openMigratedCommandLine, POLICIES } from '../command-line.ts'

const contract = asId<ContractId>('aurispola-2026')
const assignments = Array.from({ length: 9 }, (_, i) =>
  assignmentFact({ contract, operator: asId(`aurispola:${i}`), pseudonym: asId(`AUR-${i}`) }),
)

test('eight of the sample body’s operators have declared the month before last, once', async () => {
  await using terminal = await openMigratedCommandLine()
  await using services = await openServices({
    config: envToConfig({
      VARCO_HOME: path.join(terminal.dir, 'home'),
      VARCO_POLICIES: POLICIES,
      DATABASE_URL: terminal.database.url,
    }),
    diagnostics: silentDiagnostics,
  })
  const at = (iso: string) => isoToMicros(iso) ?? 0n
  // The contract had not begun: nothing to declare.
  await declareSamplePast(services, { now: at('2026-02-20T10:00:00Z'), contract, assignments })
  const counts = countedWork(services)
  expect(await counts.counted(contract, '2025-01', '2026-12')).toEqual([])
  for (let start = 0; start < 2; start++)
    await declareSamplePast(services, { now: at('2026-11-26T10:00:00Z'), contract, assignments })
  const months = await counts.counted(contract, '2025-01', '2026-12')
  expect(months).toMatchObject([
    {
      ...{ month: '2026-09', declarers: 8, unsigned: 0 },
      purposes: [
        { purpose: 'antimafia-evaluation', hours: 240 },
        { purpose: 'reception', hours: 192 },
        { purpose: 'trade-fair-contact', hours: 128 },
      ],
    },
  ])
}, 60_000)
