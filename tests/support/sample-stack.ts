import { cp, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { silentOutput, startDemoStack, type DemoStack } from '@varco/cli'
import { envToConfig, type Config } from '@varco/core'
import { copyServerFiles } from '@varco/postgres/testing'
import { inject } from 'vitest'

/** A home folder of its own, deleted at the end. */
export interface ScratchHome extends AsyncDisposable {
  readonly dir: string
  /** Settings with every port free and everything in this home. */
  readonly env: Readonly<Record<string, string>>
}

export async function scratchHome(): Promise<ScratchHome> {
  const dir = await mkdtemp(path.join(tmpdir(), 'varco-home-'))
  return {
    dir,
    env: {
      VARCO_HOME: path.join(dir, 'home'),
      VARCO_POLICIES: path.join(import.meta.dirname, '..', '..', 'policies'),
      ...{ VARCO_PROXY_PORT: '0', VARCO_CONSOLE_PORT: '0', VARCO_IDP_PORT: '0', VARCO_LOG_LEVEL: 'silent' },
    },
    [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }),
  }
}

export interface SampleStack extends AsyncDisposable {
  readonly stack: DemoStack
  readonly home: ScratchHome
  readonly config: Config
}

/** The sample body, smaller, running in this process: real PostgreSQL, identity provider, proxy and console. */
export async function startSampleStack(options: {
  producers: number
  /** `none`: the rules' bounds on records an hour are taken out, for loads that no person makes. */
  budgets?: 'none'
}): Promise<SampleStack> {
  const home = await scratchHome()
  const env =
    options.budgets === 'none' ? { ...home.env, VARCO_POLICIES: await withoutBudgets(home) } : home.env
  const config = envToConfig(env)
  await copyServerFiles(inject('serverFiles'), { dir: path.join(config.VARCO_HOME, 'postgres') })
  const stack = await startDemoStack({ config, output: silentOutput(), producers: options.producers })
  if (stack === null) throw new Error('the sample bundle has mistakes')
  return {
    stack,
    home,
    config,
    [Symbol.asyncDispose]: async () => {
      await stack[Symbol.asyncDispose]()
      await home[Symbol.asyncDispose]()
    },
  }
}

async function withoutBudgets({ dir, env }: ScratchHome): Promise<string> {
  const folder = path.join(dir, 'policies')
  await cp(env['VARCO_POLICIES'] ?? '', folder, { recursive: true })
  for await (const file of glob(path.join(folder, 'access', '*.yaml'))) {
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replaceAll(/max_records_per_hour: \d+/g, 'max_records_per_hour: 1000000'))
  }
  return folder
}
