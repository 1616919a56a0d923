import { canonicalJson } from '@varco/core'
import type { StoredEvent } from '../reader.ts'

/** OCSF 1.3, category Application Activity, class API Activity. */
const CATEGORY = 6
const CLASS = 6003
const ACTIVITY: Readonly<Record<string, readonly [id: number, name: string]>> = {
  read: [2, 'Read'],
  search: [2, 'Read'],
  count: [2, 'Read'],
  export: [2, 'Read'],
  update: [3, 'Update'],
}
const OTHER = [99, 'Other'] as const
const INFORMATIONAL = 1

/** An event for a SIEM, as one line of JSON in the Open Cybersecurity Schema Framework. */
export function ocsfRow(event: StoredEvent, watermark: string): string {
  const [activity, activityName] = ACTIVITY[event.action ?? ''] ?? OTHER
  const { decision } = event
  const status = decision === null ? { status_id: 0, status: 'Unknown' } : STATUS[decision]
  const row = {
    activity_id: activity,
    activity_name: activityName,
    category_uid: CATEGORY,
    class_uid: CLASS,
    type_uid: CLASS * 100 + activity,
    severity_id: INFORMATIONAL,
    time: Number(event.at / 1_000n),
    ...status,
    status_detail: event.reasons.join(' '),
    message: event.kind,
    metadata: {
      version: '1.3.0',
      uid: event.id,
      correlation_uid: event.requestId,
      log_name: event.origin,
      product: { name: 'Varco', vendor_name: 'Varco' },
    },
    actor: {
      user: {
        uid: event.operator ?? 'unknown',
        type_id: 1,
        org: { uid: event.processor ?? 'controller', ou_name: event.unit },
      },
    },
    api: { operation: event.action ?? event.kind, request: { uid: event.requestId } },
    src_endpoint: { name: event.workstation ?? 'unknown' },
    resources: event.resource === null ? [] : [{ type: event.resource }],
    unmapped: {
      export: watermark,
      ...{
        contract: event.contract,
        purpose: event.purpose,
        ticket: event.ticket,
        grant: event.grant,
        role: event.role,
      },
      ...{ plain: event.plain, masked: event.masked, rules: event.rules, disclosures: event.disclosed.count },
      policy_version: event.policyVersion,
    },
  }
  return `${canonicalJson(row)}\n`
}

const STATUS = {
  permit: { status_id: 1, status: 'Success' },
  deny: { status_id: 2, status: 'Failure' },
} as const
