import type { RetentionDesk } from '../desk.ts'
import type { RetentionPlan } from '../plan.ts'
import { placedStages } from '../restrict-stage.ts'
import { notifyRecipients } from './notify-recipients.ts'
import { erasedOutcomes, keptOutcomes, restrictedOutcomes } from './request-outcome.ts'

/**
 * At the end of a request's run: what became of each record, and a notice waiting for each recipient of it (GDPR Art. 19).
 * Where the run was ended early what went, or was restricted, is told alone: of the rest the request's next plan tells.
 */
export async function answerRequest(desk: RetentionDesk, plan: RetentionPlan): Promise<void> {
  const { request } = plan
  if (request === undefined || request.dataSubject === null) return
  const placed = plan.endedEarly === undefined ? [] : await placedStages(desk, plan)
  const records = [
    ...(await erasedOutcomes(desk, plan)),
    ...(plan.endedEarly === undefined
      ? await keptOutcomes(desk, plan, request.dataSubject)
      : await restrictedOutcomes(desk, plan, request.dataSubject, placed)),
  ]
  const touched = (outcome: string) =>
    new Set(records.filter((record) => record.outcome === outcome).map(({ resource }) => resource))
  // Also where the catalogue no longer has the resource: recipients were shown it.
  const restricted = placed.filter((planned) => planned.records > 0).map(({ resource }) => resource)
  const told = { request: request.id, plan: plan.id, dataSubject: request.dataSubject }
  const notices = [
    ...(await notifyRecipients(desk, { ...told, act: 'erasure', resources: touched('erased') })),
    ...(await notifyRecipients(desk, {
      ...told,
      act: 'restriction',
      resources: touched('restricted').union(new Set(restricted)),
    })),
  ]
  const recipients = notices.map(({ processor, contract, resources }) => ({
    ...{ processor, contract, resources: [...resources] },
  }))
  await desk.store.addOutcome(plan.id, { request: request.id, records: [...records], recipients })
}
