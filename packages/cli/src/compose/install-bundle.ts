import { actDraft, type AccessLog } from '@varco/access-log'
import { asId, ConfigError, mayBeSamePerson, type PolicyVersion, type Pseudonym } from '@varco/core'
import { loadBundle, renderProblem, type PolicyStore } from '@varco/policy'
import type { Output } from '../output.ts'

/** The two people without whom no bundle comes into force (invariant 11). */
export interface Activators {
  readonly author: Pseudonym
  readonly approver: Pseudonym
}

/** Two names as given on the command line; `null` when none was. */
export function readActivators(given: { author?: string; approver?: string }): Activators | null {
  const { author, approver } = given
  if (author === undefined && approver === undefined) return null
  if (author === undefined || approver === undefined || mayBeSamePerson(author, approver)) {
    throw new ConfigError('author', 'two different people are needed: --author and --approver')
  }
  return { author: asId(author), approver: asId(approver) }
}

export interface InstallBundleOptions {
  readonly store: PolicyStore
  readonly log: AccessLog
  readonly folder: string
  readonly activators: Activators | null
  readonly output: Output
  readonly requestId: string
}

/**
 * Puts a first bundle in force; changes nothing where one is. `null`: the bundle has mistakes, which were said,
 * or nobody was named to answer for it.
 */
export async function installBundle(
  options: InstallBundleOptions,
): Promise<{ version: PolicyVersion; installed: boolean } | null> {
  const { store, activators, output } = options
  const inForce = await store.lastActivation()
  if (inForce !== null) return { version: inForce.version, installed: false }
  const loaded = await loadBundle(options.folder)
  if (!loaded.ok) {
    for (const problem of loaded.problems) output.problem(renderProblem(problem))
    return null
  }
  if (activators === null) {
    output.problem(
      'no bundle is in force yet; name who wrote it and who approves it: --author NAME --approver NAME',
    )
    return null
  }
  const version = await store.put(loaded.document, activators.author)
  // The log first: an activation nobody can see must not take effect.
  await options.log.append(
    actDraft('policy-activated', {
      requestId: options.requestId,
      operator: activators.approver,
      policyVersion: version,
      detail: { version, author: activators.author, approver: activators.approver, previous: null },
    }),
  )
  await store.activate(version, activators.approver)
  return { version, installed: true }
}
