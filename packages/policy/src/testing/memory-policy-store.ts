import { type Clock, mayBeSamePerson, type PolicyVersion } from '@varco/core'
import { versionOf } from '../bundle/compile-bundle.ts'
import {
  ActivationError,
  type Activation,
  type ActivePolicy,
  type PolicyStore,
  type StoredPolicy,
} from '../versions/policy-store.ts'

/** The port's double for tests: forgets everything with the process. */
export function memoryPolicyStore({ clock }: { readonly clock: Clock }): PolicyStore {
  const policies = new Map<PolicyVersion, StoredPolicy>()
  const activations: ActivePolicy[] = []
  const watchers = new Set<() => void>()
  const history = (): readonly Activation[] => activations.map(withoutDocument).reverse()
  return {
    active: async () => activations.at(-1) ?? null,
    lastActivation: async () => history()[0] ?? null,
    find: async (version) => policies.get(version) ?? null,
    list: async () =>
      [...policies.values()].map(({ version, putBy, putAt }) => ({ version, putBy, putAt })).reverse(),
    put: async (document, by) => {
      const version = versionOf(document)
      if (!policies.has(version)) policies.set(version, { version, document, putBy: by, putAt: clock.now() })
      return version
    },
    activate: async (version, by) => {
      const policy = policies.get(version)
      if (policy === undefined) throw new ActivationError('unknown-version')
      if (mayBeSamePerson(policy.putBy, by)) throw new ActivationError('same-person')
      const previous = activations.at(-1)?.version ?? null
      if (previous === version) throw new ActivationError('already-active')
      const activation: Activation = {
        number: activations.length + 1,
        version,
        activatedBy: by,
        activatedAt: clock.now(),
        previous,
      }
      activations.push({ ...activation, document: policy.document })
      for (const wake of watchers) wake()
      return activation
    },
    history: async () => history(),
    watch: async (wake) => {
      watchers.add(wake)
      return {
        [Symbol.asyncDispose]: async () => {
          watchers.delete(wake)
        },
      }
    },
  }
}

function withoutDocument({ number, version, activatedBy, activatedAt, previous }: ActivePolicy): Activation {
  return { number, version, activatedBy, activatedAt, previous }
}
