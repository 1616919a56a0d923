import { createHash } from 'node:crypto'
import { actDraft, type AccessLog, type AccessLogReader, type DisclosureDraft } from '@varco/access-log'
import { canonicalJson, microsToIso, type Json } from '@varco/core'
import { Checkpoints } from './checkpoints.ts'
import type { Made } from './parts.ts'

export interface MakingDeps {
  readonly log: AccessLog
  readonly reader: Pick<AccessLogReader, 'prove'>
  readonly requestId: () => string
}

export interface Making {
  /** Pseudonym of who asks for the report on the body's side. */
  readonly requestedBy: string
  /** The records the report shows. */
  readonly disclosures?: readonly DisclosureDraft[]
  /** What else the log keeps of it; nothing personal. */
  readonly particulars?: { readonly [key: string]: Json }
  /** Notes of the proofs the content already has. */
  readonly checkpoints?: Checkpoints
  /** By default that of the content as it is; a part of it may lie elsewhere. */
  readonly contentHash?: string
}

type Content = { readonly format: string; readonly version: number; readonly policy_version: string }

/**
 * Puts the making of a report into the log, with the hash of what it says, before anybody sees it (invariant 1).
 * @throws UnavailableError when the log cannot record it: there is no report
 */
export async function recordMaking<C extends Content>(
  deps: MakingDeps,
  content: C,
  making: Making,
): Promise<C & { made: Made; checkpoints: string[] }> {
  const checkpoints = making.checkpoints ?? new Checkpoints()
  const hash = making.contentHash ?? contentHash(content)
  const { id, at } = await deps.log.append(
    actDraft('report-made', {
      requestId: deps.requestId(),
      operator: making.requestedBy,
      policyVersion: content.policy_version,
      disclosures: making.disclosures ?? [],
      detail: {
        ...{ report: content.format, version: content.version, content: hash },
        ...making.particulars,
      },
    }),
  )
  const proof = await deps.reader.prove(id)
  return {
    ...content,
    made: {
      at: microsToIso(at),
      by: making.requestedBy,
      event: id,
      content: hash,
      proof: proof === null ? null : checkpoints.keep(proof),
    },
    checkpoints: checkpoints.notes,
  }
}

/** SHA-256 of what the log's entry about the report vouches for. */
function contentHash(report: Content): string {
  const covered: { [key: string]: Json } = { ...(report as unknown as { readonly [key: string]: Json }) }
  delete covered['made']
  delete covered['checkpoints']
  return createHash('sha256').update(canonicalJson(covered)).digest('hex')
}
