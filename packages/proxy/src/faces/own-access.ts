import type { ResourceName } from '@varco/core'
import { ACTIONS, decide, isOpenTo, type Decision, type Resource } from '@varco/policy'
import { commonHeaders } from '../answer/common-headers.ts'
import type { Established } from '../steps/establish-context.ts'
import type { Visit } from '../visit.ts'
import { callerOf } from './caller.ts'
import { visitOf, type Face } from './face.ts'

/** What the caller may see, so that a program can draw its form: nobody's data, so no event of the log. */
export const ownAccessFace: Face = (app, context) => {
  app.get('/me/access', async (c) => {
    const visit = visitOf(c, context)
    const caller = await callerOf(visit)
    if (caller instanceof Response) return caller
    const { principal, contract } = caller.context
    return Response.json(
      {
        kind: principal.kind,
        role: principal.role,
        unit: principal.unit,
        contract: contract?.id ?? null,
        policy_version: visit.bundle.version,
        access: accessOf(visit, caller.context),
      },
      { headers: { ...commonHeaders(visit.requestId), 'content-language': visit.locale } },
    )
  })
}

/** Each resource, purpose and action that is permitted, or lacks only what the caller can bring. */
function accessOf(visit: Visit, context: Established): readonly object[] {
  const { bundle, now, trail } = visit
  const { principal, contract, ticket, grant } = context
  const { purpose: stated } = trail.statement
  const purposes = stated === null ? [...bundle.purposes.keys()] : [stated]
  const open = [...bundle.resources.values()].filter(({ name }) =>
    isOpenTo(bundle.rules, { ...context, resource: name }),
  )
  return open.flatMap((resource) =>
    purposes.flatMap((purpose) =>
      ACTIONS.flatMap((action) => {
        const question = { now, principal, contract, ticket, grant, purpose, action, resource: resource.name }
        const decision = decide(bundle, question)
        const told = toldOf(visit, resource, decision)
        return told === null ? [] : [{ ...named(visit, resource.name), purpose, action, ...told }]
      }),
    ),
  )
}

function named({ bundle, locale }: Visit, name: ResourceName): object {
  return { resource: name, title: bundle.resources.get(name)?.document.title[locale] ?? name }
}

/** What would be permitted with a ticket or a grant is worth asking for; what the rules do not give at all is not listed. */
const CAN_BRING: ReadonlySet<string> = new Set([
  'no-ticket',
  'unknown-ticket',
  'ticket-closed',
  'ticket-other-purpose',
  'no-grant',
  'grant-expired',
  'grant-other-resource',
  'grant-other-action',
  'grant-other-purpose',
  'grant-other-ticket',
])

function toldOf({ locale }: Visit, resource: Resource, decision: Decision): object | null {
  if (decision.effect === 'deny') {
    const needs = [...new Set(decision.reasons.map(({ code }) => code))]
    return needs.length > 0 && needs.every((code) => CAN_BRING.has(code)) ? { permitted: false, needs } : null
  }
  const fields = [...decision.fields].flatMap(([field, { best, mask }]) => {
    if (best === 'hidden') return []
    const title = resource.document.fields[field]?.title[locale] ?? field
    const type = resource.fields.get(field)?.type ?? 'text'
    return [{ field, title, type, outcome: best, ...(best === 'masked' ? { mask } : {}) }]
  })
  const { ticket, maxRecordsPerHour, stepUp, notices } = decision.obligations
  return {
    permitted: true,
    fields,
    ticket,
    max_records_per_hour: maxRecordsPerHour,
    step_up: stepUp,
    notices: notices.map((notice) => notice[locale]),
  }
}
