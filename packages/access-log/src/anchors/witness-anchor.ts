import { ConfigError, VarcoError } from '@varco/core'
import { hashToBase64 } from '../merkle/hash.ts'
import { consistencyPath } from '../merkle/proof.ts'
import { parseCheckpointText } from '../notes/checkpoint.ts'
import { parseVerifier, SIGNATURE_TYPE, type NoteVerifier } from '../notes/note-key.ts'
import { parseNote, verifyNote } from '../notes/signed-note.ts'
import { keptFrontier } from '../prune/kept-frontier.ts'
import { treeNodes } from '../reading/tree-nodes.ts'
import type { LogReadStore } from '../store/log-read-store.ts'
import { TOP_WRITER, treeOrigin } from '../store/tree-origin.ts'
import type { Anchor } from './anchor.ts'

/** The witness did not cosign: it has seen another history, does not know the log, or does not speak the protocol. */
export class WitnessRefusedError extends VarcoError {
  readonly code = 'witness-refused'
  readonly witness: string
  /** What it answered over HTTP; 200 for an answer whose cosignature does not hold. */
  readonly status: number

  constructor(witness: string, status: number) {
    super(`the witness ${witness} did not cosign the checkpoint (${status})`)
    this.witness = witness
    this.status = status
  }
}

export interface WitnessAnchorOptions {
  /** Submission prefix of the witness. */
  readonly url: string
  /** Its C2SP verifier key text, of the type for cosignatures. */
  readonly verifierKey: string
  /** Name of the log: the witness is given the top tree alone, which vouches for the others. */
  readonly origin: string
  readonly reading: LogReadStore
  /** Where cosigned checkpoints are kept, outside the database: witnesses need not give them out again. */
  readonly keep: Anchor
  readonly fetch?: typeof fetch
  readonly timeoutMs?: number
}

/**
 * A witness as of C2SP tlog-witness: it is sent the top tree's checkpoint with a proof that it continues the last one, and answers
 * with a timestamped cosignature, which is checked before it counts.
 * @throws ConfigError when the key is not one for cosignatures
 */
export function witnessAnchor(options: WitnessAnchorOptions): Anchor {
  const witness = parseVerifier(options.verifierKey)
  if (witness === null || witness.type !== SIGNATURE_TYPE.cosignature) {
    throw new ConfigError('witness', 'the key of the witness is not a verifier key for cosignatures')
  }
  return {
    name: `witness ${witness.name}`,
    publish: (note) => publish(options, witness, note),
    latest: async (origin) => {
      const note = await options.keep.latest(origin)
      // Without its cosignature it is nobody's word: a note that no key opens.
      return note === null || isCosigned(note, witness) ? note : ''
    },
  }
}

const TIMEOUT_MS = 10_000

async function publish(options: WitnessAnchorOptions, witness: NoteVerifier, note: string): Promise<void> {
  const checkpoint = parseCheckpointText(parseNote(note)?.text ?? '')
  const epoch = topEpoch(options.origin, checkpoint?.origin)
  if (checkpoint === null || epoch === null) return
  const known = await options.keep.latest(checkpoint.origin)
  const old = parseCheckpointText(parseNote(known ?? '')?.text ?? '')?.size ?? 0
  if (old > checkpoint.size) return
  let answer = await submit(options, epoch, old, checkpoint.size, note)
  const remembered = answer.status === 409 ? rememberedSize(await answer.text()) : null
  // It has seen more, or less, than we remember: a lost answer, or a lost file.
  if (remembered !== null && remembered !== old && remembered <= checkpoint.size) {
    answer = await submit(options, epoch, remembered, checkpoint.size, note)
  }
  if (answer.status !== 200) throw new WitnessRefusedError(witness.name, answer.status)
  const cosigned = `${note}${await answer.text()}`
  if (!isCosigned(cosigned, witness)) throw new WitnessRefusedError(witness.name, answer.status)
  await options.keep.publish(cosigned)
}

/** Which epoch of the top tree an origin names; `null` for any other tree. */
function topEpoch(origin: string, named: string | undefined): number | null {
  const epoch = named === origin ? 1 : Number(named?.slice(origin.length + 1))
  return Number.isSafeInteger(epoch) && named === treeOrigin(origin, { writer: TOP_WRITER, epoch })
    ? epoch
    : null
}

async function submit(
  options: WitnessAnchorOptions,
  epoch: number,
  old: number,
  size: number,
  note: string,
): Promise<Response> {
  const { reading, url, timeoutMs = TIMEOUT_MS } = options
  const tree = { writer: TOP_WRITER, epoch }
  const proof = await consistencyPath(old, size, treeNodes(reading, tree, await keptFrontier(reading, tree)))
  const body = [`old ${old}`, ...proof.map(hashToBase64), '', note].join('\n')
  return (options.fetch ?? fetch)(`${url}/add-checkpoint`, {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(timeoutMs),
  })
}

function rememberedSize(text: string): number | null {
  return /^(0|[1-9]\d{0,15})\n$/.test(text) ? Number(text) : null
}

function isCosigned(note: string, witness: NoteVerifier): boolean {
  const parsed = parseNote(note)
  return parsed !== null && (verifyNote(parsed, [witness])?.length ?? 0) > 0
}
