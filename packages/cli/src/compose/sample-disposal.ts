import path from 'node:path'
import type { SampleDisposal } from '@varco/demo'
import {
  approvePlan,
  cancelPlan,
  planRetention,
  runPlan,
  type Certificate,
  type RetentionDesk,
  type SignedCertificate,
} from '@varco/retention'
import { saveCertificate } from '../commands/retention-documents.ts'
import { pseudonymOf } from './demo-stack.ts'
import { retentionDesk } from './retention-desk.ts'
import type { Services } from './services.ts'

/**
 * The visitors' register, thirty days, of which the sample body always has more; and contacts made at fairs, two years, with
 * what the newsletter's service has of them.
 */
const RULES = ['visitor-erase', 'fair-lead-erase']

/**
 * The sample body's own run: what is due by the two rules goes, on two people's word, and its certificate is filed. At a
 * later start, when nothing is due, that of the last run is shown again. `null`: there never was one.
 * @throws Error when the sample body's own people may not do what the policy lets them
 */
export async function disposeOfSample(services: Services): Promise<SampleDisposal | null> {
  const desk = retentionDesk(services, services.commandLog)
  const signed = (await carriedOut(desk)) ?? (await lastCertificate(desk))
  if (signed === null) return null
  const { jws, pdf } = await saveCertificate(services, signed)
  const files = [pdf, jws].map((file) => path.relative(process.cwd(), file))
  return { ...told(signed.certificate), files }
}

async function carriedOut(desk: RetentionDesk): Promise<SignedCertificate | null> {
  const by = pseudonymOf('amministratore')
  const plan = await planRetention(desk, { by, rules: RULES })
  if (plan.rules.every(({ records }) => records === 0)) {
    await cancelPlan(desk, plan.id, by)
    return null
  }
  for (const [as, username] of [
    ['owner', 'approva.fatture'],
    ['dpo', 'dpo'],
  ] as const) {
    const given = await approvePlan(desk, { plan: plan.id, as, by: pseudonymOf(username) })
    if (!given.ok) throw new Error(`the sample body cannot approve its plan: ${given.code}`)
  }
  const outcome = await runPlan(desk, { plan: plan.id, by })
  if (!outcome.ok || outcome.ended !== 'done')
    throw new Error(`the sample body cannot carry its plan out: ${outcome.ok ? outcome.ended : outcome.code}`)
  return outcome.certificate
}

const LOOKED_AT = 50

async function lastCertificate(desk: RetentionDesk): Promise<SignedCertificate | null> {
  for (const { id, state, rules } of await desk.store.plans(LOOKED_AT))
    if (state === 'done' && rules.some(({ rule }) => RULES.includes(rule))) return desk.store.certificate(id)
  return null
}

function told({ rules, approvals }: Certificate): Omit<SampleDisposal, 'files'> {
  return {
    rules: rules.map(({ rule, norm, done, kept, upstream }) => ({
      ...{ rule, because: norm, done },
      kept: Object.values(kept).reduce((sum, each) => sum + each, 0),
      upstream: upstream.map((each) => ({
        ...{ resource: each.resource, upstream: each.upstream, done: each.done },
      })),
    })),
    approvals: approvals.length,
  }
}
