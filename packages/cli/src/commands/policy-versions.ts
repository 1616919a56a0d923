import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { actDraft } from '@varco/access-log'
import { ConfigError, mayBeSamePerson, microsToIso, type PolicyVersion } from '@varco/core'
import {
  ActivationError,
  bundleFiles,
  compileBundle,
  diffBundles,
  diffText,
  type PolicyStore,
} from '@varco/policy'
import type { Command } from 'commander'
import { asJson } from '../as-json.ts'
import type { CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { openServices } from '../compose/services.ts'
import type { ExitCode } from '../output.ts'
import { findPolicy, openBundle, withPolicyStore } from './policy-bundle.ts'
import { readPseudonym } from './report-options.ts'

export function registerVersions(policy: Command, run: Run): void {
  policy
    .command('push')
    .description('keep a bundle as a draft, to be put in force by a second person; changes nothing yet')
    .argument('[folder]', 'the bundle’s folder (default: VARCO_POLICIES)')
    .requiredOption('--by <pseudonym>', 'who answers for it', readPseudonym)
    .addHelpText('after', '\nExample:\n  $ varco policy push policies --by ADM-1')
    .action((folder: string | undefined, { by }: { by: string }) => run(pushWork(folder, by)))
  policy
    .command('activate')
    .description('put a pushed version in force on all nodes; not by the person who pushed it')
    .argument('<version>', 'its first eight digits will do')
    .requiredOption('--by <pseudonym>', 'the second person', readPseudonym)
    .addHelpText('after', '\nExample:\n  $ varco policy activate 3f1c09ab --by DPO-1')
    .action((version: string, { by }: { by: string }) => run(activateWork(version, by)))
  policy
    .command('rollback')
    .description('put the version before the one in force back in force; not by the person who pushed it')
    .requiredOption('--by <pseudonym>', 'who decides it', readPseudonym)
    .addHelpText('after', '\nExample:\n  $ varco policy rollback --by DPO-1')
    .action(({ by }: { by: string }) => run(activateWork(null, by)))
  policy
    .command('pull')
    .description('write a version back as the files of a folder')
    .argument('<version>', 'a version, or "active"')
    .argument('<folder>', 'a folder that does not exist yet')
    .addHelpText('after', '\nExample:\n  $ varco policy pull active policies-in-force')
    .action((version: string, folder: string) => run(pullWork(version, folder)))
  policy
    .command('history')
    .description('what was in force when, and who put it there')
    .addHelpText('after', '\nExample:\n  $ varco policy history')
    .action(() => run(historyWork))
}

function pushWork(folder: string | undefined, by: string): CommandWork {
  return async ({ config, output }) => {
    const bundle = await openBundle(folder, config)
    return await withPolicyStore(config, async (store): Promise<ExitCode> => {
      const version = await store.put(bundle.document, by)
      const active = await store.active()
      const diff =
        active === null ? null : diffBundles(compileBundle(active.document, active.version), bundle)
      const lines = [
        `pushed ${version}`,
        diff === null ? 'nothing is in force yet' : diffText(diff),
        `a second person puts it in force: varco policy activate ${version.slice(0, 12)} --by NAME`,
      ]
      output.answer({ version, widens: diff?.widens ?? null }, lines.join('\n'))
      return 0
    })
  }
}

/** `null`: back to the version before. */
function activateWork(name: string | null, by: string): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'policy') })
    const { policyStore } = services
    const previous = await policyStore.lastActivation()
    const version =
      name === null ? before(previous?.previous ?? null) : (await findPolicy(policyStore, name)).version
    await refuseEarly(policyStore, version, by)
    // The log first: an activation nobody can see must not take effect.
    await services.commandLog.append(
      actDraft('policy-activated', {
        requestId: randomUUID(),
        operator: by,
        policyVersion: version,
        detail: { version, approver: by, previous: previous?.version ?? null },
      }),
    )
    const activation = await policyStore.activate(version, by)
    output.answer(
      asJson(activation),
      `${version.slice(0, 12)} is in force since ${microsToIso(activation.activatedAt)}`,
    )
    return 0
  }
}

function before(version: PolicyVersion | null): PolicyVersion {
  if (version === null) throw new ConfigError('version', 'there is no earlier version to go back to')
  return version
}

/** What the store would refuse must not stand in the log as done. */
async function refuseEarly(store: PolicyStore, version: PolicyVersion, by: string): Promise<void> {
  const stored = await store.find(version)
  if (stored === null) throw new ActivationError('unknown-version')
  if (mayBeSamePerson(stored.putBy, by)) throw new ActivationError('same-person')
  if ((await store.lastActivation())?.version === version) throw new ActivationError('already-active')
}

function pullWork(name: string, folder: string): CommandWork {
  return async ({ config, output }) => {
    const stored = await withPolicyStore(config, (store) => findPolicy(store, name))
    const files = bundleFiles(stored.document)
    // Never over files that are there: a bundle mixed from two versions is neither.
    await mkdir(folder)
    for (const [file, text] of files) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
      await writeFile(path.join(folder, file), text)
    }
    output.answer(
      { version: stored.version, files: [...files.keys()] },
      `${stored.version.slice(0, 12)} is in ${folder}, in ${files.size} files`,
    )
    return 0
  }
}

const historyWork: CommandWork = async ({ config, output }) => {
  return await withPolicyStore(config, async (store): Promise<ExitCode> => {
    const history = await store.history()
    const lines = history.map(
      ({ activatedAt, activatedBy, number, version }) =>
        `${number}  ${version.slice(0, 12)}  ${microsToIso(activatedAt)}  ${activatedBy}`,
    )
    output.answer(asJson(history), lines.length === 0 ? 'nothing has been in force yet' : lines.join('\n'))
    return 0
  })
}
