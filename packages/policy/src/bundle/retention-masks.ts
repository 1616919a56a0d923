import type { CatalogueDocument, RetentionRuleDocument } from './schema.ts'

type Masks = NonNullable<RetentionRuleDocument['masks']>

/** How each field is anonymised: as its category is, unless the rule names it. `undefined`: none is. */
export function retentionMasks(
  { masks, masks_by_category: byCategory }: Pick<RetentionRuleDocument, 'masks' | 'masks_by_category'>,
  { fields }: Pick<CatalogueDocument, 'fields'>,
): Masks | undefined {
  if (byCategory === undefined) return masks
  const ofCategories = Object.entries(fields).flatMap(([name, { category }]) => {
    const mask = Object.hasOwn(byCategory, category) ? byCategory[category] : undefined
    return mask === undefined ? [] : [[name, mask] as const]
  })
  return { ...Object.fromEntries(ofCategories), ...masks }
}
