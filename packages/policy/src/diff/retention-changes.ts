import { APPROVALS, approvalOf } from '../bundle/approval.ts'
import { mayBeLonger } from '../bundle/may-be-longer.ts'
import type { BundleDocument, RetentionRuleDocument } from '../bundle/schema.ts'
import { contentWithout, NOTHING, partsThatDiffer } from './content.ts'
import type { StructuralChange } from './structural-changes.ts'

/**
 * Rules of retention. What lets records stay for longer, lets them go before a norm would, or takes fewer people, counts as
 * widening; so does what is not surely stricter.
 */
export function retentionChanges(before: BundleDocument, after: BundleDocument): readonly StructuralChange[] {
  const [was, is] = [byId(before), byId(after)]
  const [said, says] = [contentsOf(before), contentsOf(after)]
  return [
    ...[...was.values()].flatMap((rule) => {
      const now = is.get(rule.id)
      if (now !== undefined) return partsChanged(rule, now)
      const isRenamed = says.has(content(rule))
      return [told(rule.id, summary(rule), isRenamed ? RENAMED : NOTHING, !isRenamed)]
    }),
    ...[...is.values()]
      .filter(({ id }) => !was.has(id))
      .map((rule) => told(rule.id, said.has(content(rule)) ? RENAMED : NOTHING, summary(rule), false)),
  ]
}

function byId({ retention }: BundleDocument): ReadonlyMap<string, RetentionRuleDocument> {
  return new Map(retention.map((rule) => [rule.id, rule]))
}

function contentsOf({ retention }: BundleDocument): ReadonlySet<string> {
  return new Set(retention.map(content))
}

function content(rule: RetentionRuleDocument): string {
  return contentWithout(rule, 'id')
}

const RENAMED = 'another name'

function partsChanged(was: RetentionRuleDocument, is: RetentionRuleDocument): readonly StructuralChange[] {
  return partsThatDiffer(was, is).map(({ part, from, to }) =>
    told(`${was.id}, ${part}`, from, to, LOOSER[part]?.(was, is) ?? true),
  )
}

type Compare = (was: RetentionRuleDocument, is: RetentionRuleDocument) => boolean

/** Parts that are not here, such as the resource, make another rule of it. */
const LOOSER: Partial<Record<keyof RetentionRuleDocument, Compare>> = {
  title: () => false,
  because: () => false,
  after: (was, is) => mayBeLonger(is.after, was.after),
  align: (was, is) => (ALIGNED[is.align ?? 'none'] ?? 0) > (ALIGNED[was.align ?? 'none'] ?? 0),
  action: (was, is) => HARSH[is.action] < HARSH[was.action],
  approval: (was, is) => APPROVALS.indexOf(approvalOf(is)) < APPROVALS.indexOf(approvalOf(was)),
  masks: (was, is) =>
    Object.entries(was.masks ?? {}).some(([field, mask]) => is.masks?.[field] !== mask) ||
    is.action !== was.action,
  keep_at_least: (was, is) =>
    (was.keep_at_least ?? []).some(
      (floor) =>
        !(is.keep_at_least ?? []).some(
          (now) =>
            now.trigger.field === floor.trigger.field &&
            awaits(now.trigger, floor.trigger) &&
            (now.align ?? NOTHING) === (floor.align ?? NOTHING) &&
            !mayBeLonger(floor.after, now.after),
        ),
    ),
}

type Trigger = Pick<RetentionRuleDocument['trigger'], 'event' | 'contract_end'>

/** Whether it waits for all that the other does. */
function awaits(is: Trigger, was: Trigger): boolean {
  return (
    (was.event === undefined || was.event.id === is.event?.id) &&
    (was.contract_end === undefined || was.contract_end === is.contract_end)
  )
}

const ALIGNED: Readonly<Record<string, number>> = { none: 0, 'month-end': 1, 'year-end': 2 }
const HARSH = { restrict: 0, anonymise: 1, archive: 2, erase: 3 } as const

function summary({ action, after, resource, trigger }: RetentionRuleDocument): string {
  const event = trigger.event === undefined ? '' : ` and ${trigger.event.id}`
  const contract =
    trigger.contract_end === undefined ? '' : ` and the end of the contract in ${trigger.contract_end}`
  return `${action} ${resource} ${after} from ${trigger.field}${event}${contract}`
}

function told(name: string, from: string, to: string, widens: boolean): StructuralChange {
  return { about: 'retention', name, from, to, widens }
}
