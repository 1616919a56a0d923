import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { actDraft } from '@varco/access-log'
import { canonicalJson, ConfigError, isoToMicros } from '@varco/core'
import { reportHash } from '@varco/reports'
import {
  LIST_COLUMNS,
  readAgreedList,
  type AgreedRecord,
  type RetentionPlan,
  type SignedCertificate,
} from '@varco/retention'
import type { Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import type { Services } from '../compose/services.ts'
import { certificateDocument } from '../documents/certificate-document.ts'
import { pdfOf, planPapers } from '../documents/plan-papers.ts'
import { saveFile } from '../documents/save-file.ts'
import { TABLE_FAULTS } from './import-table.ts'
import { atDesk, byOption } from './retention-command.ts'
import { planJson } from './retention-plan-text.ts'

/** Documents of a plan: the list an authority agrees to, the minutes of its approval. */
export function registerRetentionDocuments(retention: Command, run: Run): void {
  const folder = ['--folder <dir>', 'where to (default: among the installation’s reports)'] as const
  retention
    .command('export')
    .description('the list of a plan, as CSV and PDF, for the authority that must agree to it; names records')
    .argument('<plan>', 'its number')
    .option(...folder)
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco retention export 0b0e… --folder for-the-authority --by ADM-1',
    )
    .action((plan: string, options: ExportOptions) => run(exportWork(plan, options)))
  retention
    .command('minutes')
    .description('the minutes of a plan’s approval, as PDF and JSON')
    .argument('<plan>', 'its number')
    .option(...folder)
    .addHelpText('after', '\nExample:\n  $ varco retention minutes 0b0e…')
    .action((plan: string, options: { folder?: string }) => run(minutesWork(plan, options.folder)))
}

interface ExportOptions {
  readonly folder?: string
  readonly by: string
}

/** It names records, and leaves Varco: who took it out is in the log before there is a file. */
function exportWork(id: string, { folder, by }: ExportOptions): CommandWork {
  return atDesk(async (desk, context, services) => {
    const plan = await planFor(desk.store, id, context)
    if (plan === null) return 1
    const detail = { report: 'disposal-list', plan: plan.id, hash: plan.hash }
    await services.commandLog.append(
      actDraft('report-made', { requestId: desk.newId(), operator: by, detail }),
    )
    const place = placeOf(services, folder, `elenco-di-scarto-${plan.id}`)
    const papers = planPapers(desk)
    await saveFile(place('csv'), papers.list(plan, 'csv'))
    await saveFile(place('pdf'), papers.list(plan, 'pdf'))
    context.output.answer({ csv: place('csv'), pdf: place('pdf') }, `${place('csv')}\n${place('pdf')}`)
    return 0
  })
}

/** The list as the authority gave it back: lines that were taken out were not agreed to. @throws ConfigError */
export async function* agreedIn(file: string): AsyncGenerator<readonly AgreedRecord[]> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new ConfigError('file', 'the file cannot be read', { cause })
  })
  const list = readAgreedList(bytes)
  if (!list.ok)
    throw new ConfigError(
      'file',
      `line ${list.line}: ${TABLE_FAULTS[list.fault]}; columns: ${LIST_COLUMNS.join(', ')}`,
    )
  yield list.records
}

function minutesWork(id: string, folder: string | undefined): CommandWork {
  return atDesk(async (desk, context, services) => {
    const plan = await planFor(desk.store, id, context)
    if (plan === null) return 1
    const place = placeOf(services, folder, `verbale-di-scarto-${plan.id}`)
    await saveFile(place('json'), canonicalJson(planJson(plan)))
    await saveFile(place('pdf'), planPapers(desk).minutes(plan))
    context.output.answer({ json: place('json'), pdf: place('pdf') }, `${place('json')}\n${place('pdf')}`)
    return 0
  })
}

/** The certificate as it is filed, beside the JWS that is its proof. @returns the two files */
export async function saveCertificate(
  { policy, ...services }: Pick<Services, 'policy' | 'home'>,
  { certificate, jws }: SignedCertificate,
  folder?: string,
): Promise<{ readonly jws: string; readonly pdf: string }> {
  const place = placeOf(
    services,
    folder ?? services.home.certificates,
    `certificato-di-distruzione-${certificate.plan.id}`,
  )
  const json = canonicalJson(certificate)
  const document = certificateDocument(policy.current(), certificate, reportHash(json))
  const ended = isoToMicros(certificate.ended_at) ?? 0n
  await saveFile(place('jws'), `${jws}\n`)
  await saveFile(place('pdf'), pdfOf(document, certificate, ended))
  return { jws: place('jws'), pdf: place('pdf') }
}

function placeOf(
  { home }: Pick<Services, 'home'>,
  folder: string | undefined,
  name: string,
): (ending: string) => string {
  return (ending) => path.join(folder ?? home.reports, `${name}.${ending}`)
}

async function planFor(
  store: { plan(id: string): Promise<RetentionPlan | null> },
  id: string,
  { output }: CommandContext,
): Promise<RetentionPlan | null> {
  const plan = await store.plan(id)
  if (plan === null) output.problem('there is no such plan')
  return plan
}
