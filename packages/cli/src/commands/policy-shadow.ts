import { ConfigError, type Micros } from '@varco/core'
import { replayedRequest, Shadow, type Bundle, type ShadowReport } from '@varco/policy'
import type { AccessLogReader } from '@varco/access-log'
import type { Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { createDiagnostics } from '../compose/diagnostics.ts'
import { openServices } from '../compose/services.ts'
import { openBundle } from './policy-bundle.ts'
import { differenceText } from './policy-shadow-text.ts'
import { listLiveShadow, setLiveShadow } from './policy-shadow-live.ts'
import { endOf, readMoment, startOf, type Moment } from './report-options.ts'

interface ShadowOptions {
  readonly from?: Moment
  readonly to?: Moment
  readonly live?: string | true
  readonly by?: string
}

const PAGE = 500

export function registerShadow(policy: Command, run: Run): void {
  policy
    .command('shadow')
    .description(
      'ask a candidate bundle the questions the access log remembers, beside the one in force; enforces nothing',
    )
    .argument('[candidate]', 'a bundle’s folder, or a version (default: VARCO_POLICIES)')
    .option('--from <time>', 'from this day or instant on', readMoment)
    .option('--to <time>', 'up to this day, or before this instant', readMoment)
    .option(
      '--live [version]',
      'ask a pushed version beside the one in force on live traffic, "off" to end it; alone: what was found',
    )
    .option('--by <pseudonym>', 'who starts or ends it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ varco policy shadow policies --from 2026-11-01\n  $ varco policy shadow --live 3f1c09ab --by ADM-1\n  $ varco policy shadow --live',
    )
    .action((candidate: string | undefined, options: ShadowOptions) =>
      run(options.live === undefined ? shadowWork(candidate, options) : liveWork(candidate, options)),
    )
}

function liveWork(candidate: string | undefined, options: ShadowOptions): CommandWork {
  return async (context) => {
    const { by, from, live, to } = options
    if (candidate !== undefined || from !== undefined || to !== undefined)
      throw new ConfigError('live', '--live goes with neither a candidate to replay nor a span of time')
    if (live === true || live === undefined) return await listLiveShadow(context)
    if (by === undefined) throw new ConfigError('by', 'say who starts or ends it: --by NAME')
    return await setLiveShadow(live === 'off' ? null : live, by)(context)
  }
}

function shadowWork(given: string | undefined, options: ShadowOptions): CommandWork {
  return async ({ config, output }) => {
    const candidate = await openBundle(given, config)
    await using services = await openServices({ config, diagnostics: createDiagnostics(config, 'policy') })
    const active = services.policy.current()
    const zone = active.document.varco.time_zone
    const span = {
      ...(options.from === undefined ? {} : { from: startOf(options.from, zone) }),
      ...(options.to === undefined ? {} : { to: endOf(options.to, zone) }),
    }
    const report = await replay(services.reader, active, candidate, span)
    output.answer(asJson(report), shadowText(report))
    return 0
  }
}

async function replay(
  reader: AccessLogReader,
  active: Bundle,
  candidate: Bundle,
  span: { readonly from?: Micros; readonly to?: Micros },
): Promise<ShadowReport> {
  const shadow = new Shadow(active, candidate)
  let after: string | null = null
  do {
    const page = await reader.search({
      ...span,
      ...(after === null ? {} : { after }),
      kind: 'access',
      limit: PAGE,
    })
    for (const event of page.events) {
      const request = replayedRequest(active, event)
      if (request !== null) shadow.compare(request)
    }
    after = page.next
  } while (after !== null)
  return shadow.report()
}

function shadowText({ active, asked, candidate, differences, differing }: ShadowReport): string {
  return [
    `${differing} of ${asked} answers would differ under ${candidate.slice(0, 12)}, beside ${active.slice(0, 12)} in force`,
    ...differences.map(differenceText),
  ].join('\n')
}
