import type { PolicyVersion } from '@varco/core'
import {
  BundleError,
  compileBundle,
  diffBundles,
  runCases,
  type Bundle,
  type CaseReport,
  type PolicyDiff,
  type StoredPolicy,
} from '@varco/policy'

/** What is known of a version before anybody puts it in force; `null`: the program cannot read it any more. */
export type VersionVerdict = { readonly diff: PolicyDiff; readonly cases: CaseReport } | null

/** Verdicts kept: a version and what it is held against never change, and comparing them takes a while. */
const KEPT = 16

export function versionVerdicts(): (active: Bundle, stored: StoredPolicy) => VersionVerdict {
  const known = new Map<string, VersionVerdict>()
  return (active, stored) => {
    const key = `${active.version} ${stored.version}`
    const kept = known.get(key)
    if (kept !== undefined) return kept
    const verdict = verdictOn(active, stored)
    known.set(key, verdict)
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break
      known.delete(oldest)
    }
    return verdict
  }
}

function verdictOn(active: Bundle, { document, version }: StoredPolicy): VersionVerdict {
  const candidate = compiled(document, version)
  return candidate === null ? null : { diff: diffBundles(active, candidate), cases: runCases(candidate) }
}

function compiled(document: StoredPolicy['document'], version: PolicyVersion): Bundle | null {
  try {
    return compileBundle(document, version)
  } catch (error) {
    if (error instanceof BundleError) return null
    throw error
  }
}
