import { DecisionMemory } from '@varco/policy'
import { Budgets } from './budgets.ts'
import { DataSubjectBudgets } from './data-subject-budgets.ts'
import { DEFAULT_LIMITS, type ProxyDependencies } from './dependencies.ts'
import { IssuerKeys } from './identity/issuer-keys.ts'
import { KeyProofs } from './identity/key-proofs.ts'
import { StrangerQuota } from './identity/stranger-quota.ts'
import { TokenVerifier } from './identity/token-verifier.ts'
import { TrustedFronts } from './identity/trusted-fronts.ts'
import type { Gate } from './visit.ts'

/** What every request finds in place, made once. */
export function openGate(dependencies: ProxyDependencies): Gate {
  const { accessLog, audience, clock, diagnostics, engagement, issuerAddresses, limits, maskKeys, records } =
    dependencies
  const keys = new IssuerKeys({
    addresses: issuerAddresses,
    fetch: dependencies.fetch ?? globalThis.fetch,
    clock,
  })
  return {
    ...{ accessLog, clock, diagnostics, engagement, maskKeys, records },
    restricted: dependencies.restricted ?? (async () => () => () => false),
    decisions: new DecisionMemory(),
    copies: dependencies.copies ?? null,
    writer: dependencies.writer ?? null,
    verifier: new TokenVerifier({ keysOf: (issuer) => keys.of(issuer), audience, clock }),
    keyProofs: new KeyProofs(dependencies.proofs ?? null),
    fronts: new TrustedFronts(dependencies.trustedFronts ?? []),
    publicUrl: dependencies.publicUrl ?? null,
    consoleUrl: dependencies.consoleUrl ?? null,
    strangers: new StrangerQuota(clock),
    budgets: new Budgets(clock, dependencies.budgets ?? null),
    dataSubjects: new DataSubjectBudgets({
      store: dependencies.budgets ?? null,
      secret: maskKeys.hmac,
      clock,
    }),
    canaryWatch: dependencies.canaryWatch ?? null,
    limits: { ...DEFAULT_LIMITS, ...limits },
    shadow: dependencies.shadow ?? null,
  }
}
