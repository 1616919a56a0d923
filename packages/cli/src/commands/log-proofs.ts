import { readFile } from 'node:fs/promises'
import { proveConsistency, tlogProofText, verifiersOf } from '@varco/access-log'
import { asId, type EventId } from '@varco/core'
import type { Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { openServices } from '../compose/services.ts'
import type { ExitCode } from '../output.ts'

export function registerLogProofs(log: Command, run: Run): void {
  log
    .command('checkpoint')
    .description('the signed checkpoint of every tree, and the public key to check them with')
    .option('--tree <writer>', 'the checkpoint of this writer’s tree alone, to be kept as a file')
    .addHelpText('after', '\nExample:\n  $ varco log checkpoint --tree proxy-1 > kept.checkpoint')
    .action(({ tree }: { readonly tree?: string }) =>
      run(tree === undefined ? checkpointWork : treeCheckpointWork(tree)),
    )
  log
    .command('prove')
    .description('prove that an event is in the log, as a file that other tools read (C2SP tlog-proof)')
    .argument('<event>', 'its name, such as proxy-1.1.17')
    .addHelpText('after', '\nExample:\n  $ varco log prove proxy-1.1.17 > event.tlog-proof')
    .action((event: string) => run(proveWork(event)))
  log
    .command('continues')
    .description('prove that a tree only grew since a checkpoint that you kept (RFC 6962, section 2.1.2)')
    .argument('<file>', 'the checkpoint, as `varco log checkpoint --tree` gave it')
    .addHelpText('after', '\nExample:\n  $ varco --json log continues kept.checkpoint > continues.json')
    .action((file: string) => run(continuesWork(file)))
}

async function checkpointWork({ config, output }: CommandContext): Promise<ExitCode> {
  await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
  const trees = await services.reader.state()
  const verifiers = verifiersOf(services.keys.log)
  output.answer(
    {
      verifiers: [...verifiers],
      trees: trees.map(({ writer, epoch, size, root, checkpoint }) => ({
        writer,
        epoch,
        size,
        root,
        checkpoint,
      })),
    },
    [...verifiers, '', ...trees.map(({ checkpoint }) => checkpoint)].join('\n'),
  )
  return 0
}

/** A note says where it ends by its last line, so nothing stands before or after it. */
function treeCheckpointWork(writer: string): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const trees = (await services.reader.state()).filter((tree) => tree.writer === writer)
    const newest = trees.toSorted((a, b) => b.epoch - a.epoch)[0]
    if (newest === undefined) {
      output.problem('the log has no tree of this writer')
      return 1
    }
    const { epoch, size, root, checkpoint } = newest
    output.answer({ writer, epoch, size, root, checkpoint }, checkpoint)
    return 0
  }
}

function proveWork(event: string): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const proof = await services.reader.prove(asId<EventId>(event))
    if (proof === null) {
      output.problem('the log has no event of this name')
      return 1
    }
    output.answer({ ...proof }, tlogProofText(proof))
    return 0
  }
}

function continuesWork(file: string): CommandWork {
  return async ({ config, output }) => {
    const kept = await readFile(file, 'utf8').catch(() => null)
    if (kept === null) {
      output.problem('the file of the checkpoint cannot be read')
      return 2
    }
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'log') })
    const proof = await proveConsistency(services.logStore, kept)
    if (proof === null) {
      output.problem('the log has no tree that goes on from this checkpoint')
      return 1
    }
    output.answer({ ...proof, path: [...proof.path] }, [...proof.path, '', proof.newer].join('\n'))
    return 0
  }
}
