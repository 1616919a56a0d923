import type { ShadowDifference } from '@varco/policy'

/** One kind of difference, with both answers. */
export function differenceText(each: ShadowDifference): string {
  return [
    `${String(each.count).padStart(8)}  ${each.role} of ${each.contract ?? 'internal'}: ${each.action} ${each.resource} for ${each.purpose ?? 'no purpose'}`,
    `          now   ${each.active}`,
    `          then  ${each.candidate}`,
  ].join('\n')
}
