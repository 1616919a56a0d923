import type { AccessLogReader, StoredDisclosure, StoredEvent } from '@varco/access-log'
import { microsToIso, type DataSubjectRef } from '@varco/core'
import { ReportCancelledError } from '../errors.ts'
import type { Checkpoints } from '../report/checkpoints.ts'
import type { ReportedProof } from '../report/parts.ts'
import type { Titles } from '../report/titles.ts'
import type { ReportedAccess } from './report.ts'

/** Every access to the records of these data subjects, newest first, each with its proof. */
export async function gatherAccesses(
  reader: AccessLogReader,
  dataSubjects: readonly DataSubjectRef[],
  titles: Titles,
  checkpoints: Checkpoints,
  signal?: AbortSignal,
): Promise<ReportedAccess[]> {
  const cancelled = (): void => {
    if (signal?.aborted === true) throw new ReportCancelledError()
  }
  const found = new Map<string, { event: StoredEvent; disclosures: StoredDisclosure[] }>()
  for (const dataSubject of dataSubjects) {
    for await (const { event, disclosures } of reader.accessesOf(dataSubject)) {
      cancelled()
      // One event may show records of the same person under two kinds.
      const entry = found.get(event.id)
      if (entry === undefined) found.set(event.id, { event, disclosures: [...disclosures] })
      else entry.disclosures.push(...disclosures)
    }
  }
  const newestFirst = [...found.values()].sort(
    (a, b) => Number(b.event.at - a.event.at) || b.event.seq - a.event.seq,
  )
  const prove = await reader.prover()
  const accesses: ReportedAccess[] = []
  for (const { event, disclosures } of newestFirst) {
    cancelled()
    const proof = await prove(event.id)
    accesses.push(reported(event, disclosures, titles, proof === null ? null : checkpoints.keep(proof)))
  }
  return accesses
}

function reported(
  event: StoredEvent,
  disclosures: readonly StoredDisclosure[],
  titles: Titles,
  proof: ReportedProof | null,
): ReportedAccess {
  const { resource } = event
  const fields = (names: readonly string[]) => names.map((name) => titles.field(resource ?? '', name))
  return {
    event: event.id,
    at: microsToIso(event.at),
    kind: event.kind,
    company: event.processor === null ? null : titles.company(event.processor),
    contract: event.contract === null ? null : titles.contract(event.contract),
    unit: event.unit === null ? null : titles.unit(event.unit),
    role: event.role === null ? null : titles.role(event.role),
    operator: event.operator,
    purpose: event.purpose === null ? null : titles.purpose(event.purpose),
    ticket: event.ticket,
    action: event.action,
    resource: resource === null ? null : titles.resource(resource),
    records: disclosures.map((disclosure) => ({
      resource: titles.resource(disclosure.resource),
      key: disclosure.recordKey,
    })),
    plain: fields(event.plain),
    masked: fields(event.masked),
    policy_version: event.policyVersion,
    proof,
  }
}
