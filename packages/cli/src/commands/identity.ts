import { VaultRefusedError, type IdentityVault, type OpeningRequest } from '@varco/access-log'
import { asId, microsToIso, type Json, type Pseudonym } from '@varco/core'
import type { Command } from 'commander'
import type { CommandContext, CommandWork, Run } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { openVault } from '../compose/identities.ts'
import { openServices } from '../compose/services.ts'
import type { ExitCode } from '../output.ts'
import { readPseudonym } from './report-options.ts'
import { byOption } from './retention-command.ts'

interface RequestOptions {
  readonly case: string
  readonly reason: string
  readonly by: string
}

/** Who stands behind a pseudonym: asked for by one, opened by another, told to the worker. */
export function registerIdentity(program: Command, run: Run): void {
  const identity = program
    .command('identity')
    .description('opening who stands behind a pseudonym: a case, a reason, two people, and the log has it')
  identity
    .command('request')
    .description('asks that an identity be opened; nothing is shown yet')
    .argument('<pseudonym>', 'as the log names them', readPseudonym)
    .requiredOption('--case <number>', 'the file it is opened for')
    .requiredOption('--reason <text>', 'at least ten characters')
    .addOption(byOption())
    .addHelpText(
      'after',
      '\nExample:\n  $ varco identity request BRI-7F3A2C --case "RG 12/2026" --reason "accesses after the contract ended" --by DPO-1',
    )
    .action((pseudonym: string, options: RequestOptions) => run(requestWork(pseudonym, options)))
  identity
    .command('pending')
    .description('requests that wait for a second person')
    .addHelpText('after', '\nExample:\n  $ varco identity pending')
    .action(() => run(pendingWork))
  identity
    .command('approve')
    .description('opens the identity, once the log has it; not by the person who asked')
    .argument('<request>', 'its number')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco identity approve 7c1d… --by ADM-1')
    .action((id: string, { by }: { by: string }) => run(approveWork(id, by)))
  identity
    .command('refuse')
    .description('leaves it shut')
    .argument('<request>', 'its number')
    .addOption(byOption())
    .addHelpText('after', '\nExample:\n  $ varco identity refuse 7c1d… --by ADM-1')
    .action((id: string, { by }: { by: string }) => run(refuseWork(id, by)))
  identity
    .command('openings')
    .description('who opened this identity, when, for what: for the worker it stands for')
    .argument('<pseudonym>', 'their own', readPseudonym)
    .addHelpText('after', '\nExample:\n  $ varco identity openings BRI-7F3A2C')
    .action((pseudonym: string) => run(openingsWork(pseudonym)))
}

function requestWork(pseudonym: string, { case: caseId, reason, by }: RequestOptions): CommandWork {
  return atVault(async (vault, { output }) => {
    const request = await vault.request({ pseudonym: asId<Pseudonym>(pseudonym), caseId, reason, by })
    output.answer(requestJson(request), `${request.id}  waits for a second person, at most a day`)
    return 0
  })
}

const pendingWork: CommandWork = atVault(async (vault, { output }) => {
  const requests = await vault.pending()
  output.answer(
    requests.map(requestJson),
    requests.length === 0
      ? 'no request waits'
      : requests
          .map(
            ({ id, pseudonym, caseId, reason, requestedBy, requestedAt }) =>
              `${id}  ${pseudonym}  ${caseId}  by ${requestedBy} at ${microsToIso(requestedAt)}  ${reason}`,
          )
          .join('\n'),
  )
  return 0
})

function approveWork(id: string, by: string): CommandWork {
  return atVault(async (vault, { output }) => {
    const { issuer, externalId } = await vault.approve(id, by)
    output.answer({ issuer, external_id: externalId }, `${externalId}  at ${issuer}`)
    return 0
  })
}

function refuseWork(id: string, by: string): CommandWork {
  return atVault(async (vault, { output }) => {
    await vault.refuse(id, by)
    output.answer({ refused: id }, `${id}  stays shut`)
    return 0
  })
}

function openingsWork(pseudonym: string): CommandWork {
  return atVault(async (vault, { output }) => {
    const openings = await vault.openingsOf(asId<Pseudonym>(pseudonym))
    output.answer(
      openings.map(({ at, caseId, reason, requestedBy, approvedBy }) => ({
        ...{ at: microsToIso(at), case: caseId, reason },
        ...{ requested_by: requestedBy, approved_by: approvedBy },
      })),
      openings.length === 0
        ? 'nobody opened it'
        : openings
            .map(
              ({ at, caseId, reason, requestedBy, approvedBy }) =>
                `${microsToIso(at)}  ${caseId}  ${requestedBy} and ${approvedBy}  ${reason}`,
            )
            .join('\n'),
    )
    return 0
  })
}

function requestJson(request: OpeningRequest): Readonly<Record<string, Json>> {
  return {
    ...{ id: request.id, pseudonym: request.pseudonym, case: request.caseId, reason: request.reason },
    ...{ requested_by: request.requestedBy, requested_at: microsToIso(request.requestedAt) },
  }
}

/** The vault for the length of a command; why it stays shut is one sentence. */
function atVault(work: (vault: IdentityVault, context: CommandContext) => Promise<ExitCode>): CommandWork {
  return async (context) => {
    const { config, output } = context
    await using services = await openServices({
      config,
      diagnostics: commandDiagnostics(config, 'identity'),
    })
    try {
      return await work(await openVault(services, services.commandLog), context)
    } catch (error) {
      if (!(error instanceof VaultRefusedError)) throw error
      output.problem(output.json ? error.reason : error.message)
      return 1
    }
  }
}
