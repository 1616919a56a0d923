import type { InclusionProof } from '../inclusion-proof.ts'

const HEADER = 'c2sp.org/tlog-proof@v1'

/** A proof as a text file other tools read: C2SP tlog-proof, the event itself as its extra data. */
export function tlogProofText({ body, index, path, checkpoint }: InclusionProof): string {
  return [
    HEADER,
    `extra ${Buffer.from(body).toString('base64')}`,
    `index ${index}`,
    ...path,
    '',
    checkpoint,
  ].join('\n')
}

/** Reads such a file back; `null` when it is not one. What it claims is for `checkInclusion` to judge. */
export function parseTlogProof(text: string): InclusionProof | null {
  const split = text.indexOf('\n\n')
  if (split < 0) return null
  const [header, extra, index, ...path] = text.slice(0, split).split('\n')
  const checkpoint = text.slice(split + 2)
  const body = /^extra ([A-Za-z0-9+/]+=*)$/.exec(extra ?? '')?.[1]
  const at = /^index (0|[1-9]\d*)$/.exec(index ?? '')?.[1]
  const size = /^[^\n]+\n(0|[1-9]\d*)\n/.exec(checkpoint)?.[1]
  if (header !== HEADER || body === undefined || at === undefined || size === undefined) return null
  return { body: Buffer.from(body, 'base64').toString('utf8'), index: at, size, path, checkpoint }
}
