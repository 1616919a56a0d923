import { writeReport, type Report, type WrittenReport } from '@varco/reports'
import type { Services } from './services.ts'

/** Writes a report's files, signed with the body's key, where the command said or among the installation's reports. */
export function saveReport(
  { home, keys }: Pick<Services, 'home' | 'keys'>,
  report: Report,
  options: { readonly folder?: string | undefined; readonly csv?: string } = {},
): Promise<WrittenReport> {
  const { folder, csv } = options
  return writeReport(folder ?? home.reports, report, {
    signingKey: keys.report,
    ...(csv === undefined ? {} : { csv }),
  })
}
