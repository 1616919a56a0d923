import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { asId, type Config, type ContractId, type Pseudonym } from '@varco/core'
import {
  createSampleBody,
  sampleEngagement,
  sampleHomes,
  sampleIssuers,
  sampleOperators,
  SAMPLE_PRODUCERS,
  startIdentityProvider,
  type IdentityProvider,
  type SampleEngagement,
  type SampleSummary,
} from '@varco/demo'
import type { Output } from '../output.ts'
import { declareSamplePast } from './declared-past.ts'
import { commandDiagnostics } from './diagnostics.ts'
import { homeOf } from './home.ts'
import { openVault } from './identities.ts'
import { openDatabases } from './open-databases.ts'
import { prepare } from './prepare.ts'
import { sampleUpstreamsFile } from './sample-upstreams-file.ts'
import { startSampleUpstreams } from './sample-upstreams.ts'
import { openServices, type Services } from './services.ts'
import { peopleIndexOf } from './watching.ts'
import { consoleUrlOf, startServing, withConsolePort, type Serving } from './serving.ts'

export interface DemoStackOptions {
  readonly config: Config
  readonly output: Output
  /** Size of the sample body. */
  readonly producers?: number
}

/** The sample body with everything running: database, identity provider, proxy, console. */
export interface DemoStack extends AsyncDisposable {
  readonly services: Services
  readonly identityProvider: IdentityProvider
  readonly serving: Serving
  readonly sample: SampleSummary
}

/** Starts the sample body, making what is not there yet; `null` when the bundle has mistakes, which were said. */
export async function startDemoStack(options: DemoStackOptions): Promise<DemoStack | null> {
  const { output, producers = SAMPLE_PRODUCERS } = options
  await using stack = new AsyncDisposableStack()
  const home = homeOf(options.config)
  const config = { ...(await withConsolePort(options.config)), VARCO_UPSTREAMS: sampleUpstreamsFile(home) }
  const diagnostics = commandDiagnostics(config, 'demo')
  output.note('starting PostgreSQL')
  const databases = stack.use(await openDatabases(config, home))
  const activators = { author: pseudonymOf('amministratore'), approver: pseudonymOf('dpo') }
  if ((await prepare(config, databases, activators, output)) === null) return null
  const services = stack.use(await openServices({ config, diagnostics, databases }))
  const sample = await fillSample(services, producers, output)
  stack.use(await startSampleUpstreams(options.config, home, databases))
  // Provider and console are one process: their secret lives as long as it.
  const clientSecret = randomBytes(32).toString('base64url')
  const identityProvider = stack.use(
    await startIdentityProvider({
      demo: true,
      host: config.VARCO_HOST,
      port: config.VARCO_IDP_PORT,
      issuers: sampleIssuers(),
      audience: config.VARCO_AUDIENCE,
      consoleClientId: config.VARCO_CONSOLE_CLIENT_ID,
      consoleClientSecret: clientSecret,
      consoleRedirectUris: [`${consoleUrlOf(config)}/login/callback`],
      keysDir: path.join(home.demo, 'keys'),
      log: diagnostics,
    }),
  )
  const issuerAddresses = identityProvider.addresses
  const serving = stack.use(await startServing(services, { only: null, issuerAddresses, clientSecret }))
  const started = stack.move()
  return { services, identityProvider, serving, sample, [Symbol.asyncDispose]: () => started.disposeAsync() }
}

/** Of one of the body's own people, by login. */
export function pseudonymOf(username: string): Pseudonym {
  const person = sampleOperators().find((each) => each.contract === null && each.username === username)
  if (person === undefined) throw new RangeError('nobody of the sample body has this login')
  return person.pseudonym
}

/** The contract that runs today. */
const SAMPLE_CONTRACT = asId<ContractId>('aurispola-2026')
/** About how many rows a producer brings with them; for the progress bar alone. */
const ROWS_PER_PRODUCER = 18

async function fillSample(services: Services, producers: number, output: Output): Promise<SampleSummary> {
  const { clock, databases } = services
  const now = clock.now()
  const bar = output.progress('filling the sample body', producers * ROWS_PER_PRODUCER)
  const done = new Map<string, number>()
  const sample = await createSampleBody(databases.records.pool, {
    now,
    producers,
    onProgress: (table, rows) => {
      done.set(table, rows)
      bar.advance([...done.values()].reduce((sum, each) => sum + each, 0))
    },
  })
  bar.end()
  const engagement = sampleEngagement({ now: sample.loadedAt, producers })
  // All or nothing, and once: a first start cut short between the two is mended, what was tried since then stays.
  if (!(await isWritten(engagement, services))) {
    await sealIdentities(engagement, services)
    await peopleIndexOf(services).enrolStaff(await sampleHomes(databases.records.pool))
    await services.engagementWriter.putMany(engagement)
  }
  await declareSamplePast(services, { now, contract: SAMPLE_CONTRACT, assignments: engagement.assignments })
  return sample
}

async function sealIdentities(
  { operators, assignments }: SampleEngagement,
  services: Services,
): Promise<void> {
  const vault = await openVault(services, services.commandLog)
  const known = new Map(operators.map((each) => [each.id, each]))
  for (const { operator, pseudonym } of assignments) {
    const identity = known.get(operator)
    if (identity !== undefined) await vault.seal(pseudonym, identity)
  }
}

/** The last ticket of this very sample tells: everything is written in one transaction. */
async function isWritten({ tickets }: SampleEngagement, { engagement }: Services): Promise<boolean> {
  const last = tickets.at(-1)
  return last !== undefined && (await engagement.ticket(last.id))?.openedAt === last.openedAt
}
