import { microsToIso } from '@varco/core'
import { certificateSchema, type RetentionPlan, type SignedCertificate } from '@varco/retention'
import type { OpenConsole } from './open-console.ts'

/** Lets a plan have been carried out: it is over, and its certificate is there. */
export async function certified(
  { retention, clock }: Pick<OpenConsole, 'retention' | 'clock'>,
  plan: RetentionPlan,
  norm = 'Art. 2220 c.c.',
): Promise<SignedCertificate> {
  const now = clock.now()
  const at = microsToIso(now)
  const signed = await retention.desk.sign(
    certificateSchema.parse({
      ...{ type: 'varco-certificate-of-destruction', version: 1 },
      controller: { id: 'gse', name: 'Gestore dei servizi energetici' },
      plan: {
        ...{ id: plan.id, hash: plan.hash, day: plan.day, policy_version: plan.policyVersion },
        ...{ planned_by: plan.plannedBy, planned_at: at },
      },
      approvals: [{ as: 'owner', by: 'gse-approver-1', at, reference: norm }],
      ...{ started_at: at, ended_at: at, backups_end: '2027-02-22' },
      rules: [
        {
          ...{ rule: 'invoices-ten-years', resource: 'invoice', action: 'erase', norm, planned: 2, done: 1 },
          kept: { held: 1, referenced: 0, not_due: 0, busy: 0, gone: 0 },
          ...{ keys_digest: 'ab'.repeat(32), found_again: 0 },
        },
      ],
    }),
  )
  retention.certificates.set(plan.id, signed)
  retention.plans.set(plan.id, { ...plan, state: 'done', startedAt: now, endedAt: now })
  return signed
}
