import { writeReport, type Report, type ShelvedReport, type WrittenReport } from '@varco/reports'
import type { CommandContext } from '../command-context.ts'
import type { Progress } from '../output.ts'
import type { Services } from './services.ts'

/** Who waits for the files, and may have enough of it. */
export type Waiting = Pick<CommandContext, 'output' | 'stop'>

/** A report with fewer rows is there before anybody looks. */
const LONG = 2_000

/**
 * Writes a report's files, signed with the body's key, where the command said or among the installation's reports. A long one
 * tells how far it has come; Ctrl-C leaves nothing behind.
 */
export async function saveReport(
  { home, keys }: Pick<Services, 'home' | 'keys'>,
  report: Report | ShelvedReport,
  options: {
    readonly folder?: string | undefined
    readonly csv?: string | AsyncIterable<string>
    readonly waiting?: Waiting | undefined
  } = {},
): Promise<WrittenReport> {
  const { folder, csv, waiting } = options
  const bars: Progress[] = []
  try {
    return await writeReport(folder ?? home.reports, report, {
      signingKey: keys.report,
      ...(waiting === undefined ? {} : { signal: waiting.stop }),
      onProgress: (rows, of) => {
        if (of < LONG || waiting === undefined) return
        const bar = bars[0] ?? waiting.output.progress('writing the report', of)
        bars[0] = bar
        bar.advance(rows)
      },
      ...(csv === undefined ? {} : { csv }),
    })
  } finally {
    bars[0]?.end()
  }
}
