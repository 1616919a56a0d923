import { systemClock, VarcoError, type Config, type PolicyVersion } from '@varco/core'
import {
  BundleError,
  compileBundle,
  loadBundle,
  type Bundle,
  type PolicyStore,
  type StoredPolicy,
} from '@varco/policy'
import { postgresPolicyStore } from '@varco/postgres'
import { homeOf } from '../compose/home.ts'
import { openDatabases } from '../compose/open-databases.ts'

/** No bundle goes by the name given. */
export class UnknownBundleError extends VarcoError {
  readonly code = 'unknown-bundle'
}

const FULL_VERSION = /^[0-9a-f]{64}$/
const SHORT_VERSION = /^[0-9a-f]{8,63}$/

/**
 * The bundle a person names: `active`, a version (its first eight digits will do), or else a folder.
 * @throws UnknownBundleError, BundleError
 */
export async function openBundle(given: string | undefined, config: Config): Promise<Bundle> {
  const name = given ?? config.VARCO_POLICIES
  if (name === 'active' || FULL_VERSION.test(name) || SHORT_VERSION.test(name)) {
    const stored = await withPolicyStore(config, (store) => findPolicy(store, name))
    return compileBundle(stored.document, stored.version)
  }
  const loaded = await loadBundle(name)
  if (!loaded.ok) throw new BundleError(loaded.problems)
  return loaded.bundle
}

export async function withPolicyStore<T>(
  config: Config,
  work: (store: PolicyStore) => Promise<T>,
): Promise<T> {
  await using databases = await openDatabases(config, homeOf(config))
  return await work(postgresPolicyStore({ database: databases.state, clock: systemClock }))
}

/** @throws UnknownBundleError when none, or more than one, goes by the name */
export async function findPolicy(
  store: PolicyStore,
  name: string,
): Promise<Pick<StoredPolicy, 'version' | 'document'>> {
  if (name === 'active') {
    const active = await store.active()
    if (active === null) throw new UnknownBundleError('no bundle is in force yet')
    return active
  }
  const candidates = FULL_VERSION.test(name)
    ? [name as PolicyVersion]
    : (await store.list()).map(({ version }) => version).filter((version) => version.startsWith(name))
  const [version] = candidates
  const stored = version === undefined || candidates.length > 1 ? null : await store.find(version)
  if (stored === null)
    throw new UnknownBundleError(
      candidates.length > 1
        ? 'more than one version starts so; give more of it'
        : 'no such version was pushed',
    )
  return stored
}
