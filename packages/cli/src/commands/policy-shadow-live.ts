import { randomUUID } from 'node:crypto'
import { actDraft } from '@varco/access-log'
import { microsToIso, systemClock } from '@varco/core'
import type { ShadowTally } from '@varco/policy'
import { postgresShadowStore } from '@varco/postgres'
import { asJson } from '../as-json.ts'
import type { CommandWork } from '../command-context.ts'
import { commandDiagnostics } from '../compose/diagnostics.ts'
import { homeOf } from '../compose/home.ts'
import { openDatabases } from '../compose/open-databases.ts'
import { openServices } from '../compose/services.ts'
import { findPolicy } from './policy-bundle.ts'
import { differenceText } from './policy-shadow-text.ts'

/** Has all nodes ask a pushed version beside the one in force, or stop (`null`). */
export function setLiveShadow(name: string | null, by: string): CommandWork {
  return async ({ config, output }) => {
    await using services = await openServices({ config, diagnostics: commandDiagnostics(config, 'policy') })
    const { policy, policyStore, shadowStore } = services
    const candidate = name === null ? null : (await findPolicy(policyStore, name)).version
    // The log first, as for an activation: the candidate's people see what it is compared with.
    await services.commandLog.append(
      actDraft('policy-shadowed', {
        requestId: randomUUID(),
        operator: by,
        policyVersion: policy.current().version,
        detail: { candidate: candidate ?? 'none' },
      }),
    )
    const run = await shadowStore.start(candidate, by)
    output.answer(
      asJson(run),
      candidate === null
        ? 'no candidate is asked any more'
        : `${candidate.slice(0, 12)} is asked beside the one in force and enforced nowhere; see varco policy shadow --live`,
    )
    return 0
  }
}

/** What all nodes found in the last run that had a candidate, ended or not. */
export const listLiveShadow: CommandWork = async ({ config, output }) => {
  await using databases = await openDatabases(config, homeOf(config))
  const store = postgresShadowStore({ database: databases.state, clock: systemClock })
  const last = await store.lastRun()
  const run = await store.lastWithCandidate()
  if (run === null) {
    output.answer({ run: null, isOn: false, tallies: [] }, 'no candidate has been asked on live traffic yet')
    return 0
  }
  const isOn = run.number === last?.number
  const tallies = await store.tallies(run.number)
  const since = `run ${run.number} of ${(run.candidate ?? '').slice(0, 12)}, ${isOn ? 'on' : 'ended'}, started ${microsToIso(run.setAt)} by ${run.setBy}`
  output.answer(
    asJson({ run, isOn, tallies }),
    [since, ...(tallies.length === 0 ? ['nothing asked yet'] : tallies.map(tallyText))].join('\n'),
  )
  return 0
}

function tallyText(tally: ShadowTally): string {
  const { active, asked, differences, differing, failed, left, recordsNotCompared } = tally
  return [
    `beside ${active.slice(0, 12)}: ${differing} of ${asked} answers would differ; left out ${left}, failed ${failed}, records not comparable ${recordsNotCompared}`,
    ...differences.map(differenceText),
  ].join('\n')
}
