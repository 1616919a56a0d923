/** What can be wrong with a log. */
export const FINDING_KINDS = [
  'no-key',
  'no-anchor',
  'unanchored',
  'bad-anchor',
  'behind-anchor',
  'forked',
  'bad-signature',
  'changed',
  'rewritten',
  'missing',
  'inserted',
  'reordered',
  'truncated',
  'unsigned-tail',
  'ahead-of-clock',
  'head-changed',
  'head-missing',
  'tree-missing',
  'unregistered',
  'bad-epoch',
  'checkpoint-changed',
  'checkpoint-missing',
  'checkpoint-inserted',
  'side-row-changed',
  'side-row-missing',
  'side-row-inserted',
  'erased-row-present',
  'pruned-row-present',
  'tile-changed',
  'tile-missing',
  'tile-inserted',
] as const
export type FindingKind = (typeof FINDING_KINDS)[number]

/** One thing that is wrong, and where: the writer's tree and the index of the event, as far as they can be known. */
export interface Finding {
  readonly kind: FindingKind
  readonly writer: string | null
  readonly epoch: number | null
  readonly seq: number | null
  /** In plain words; names no person and holds no value. */
  readonly text: string
}
