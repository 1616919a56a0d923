import path from 'node:path'
import type { PurposeId } from '@varco/core'
import { compileBundle, diffBundles, loadBundle, type RuleDocument } from '@varco/policy'
import { expect, test } from 'vitest'

const POLICIES = path.join(import.meta.dirname, '../../../../policies')
const ROLES = ['contact-centre.operator', 'contact-centre.supervisor']
const PURPOSE = 'antimafia-status'

test('one rule added to the sample bundle yields exactly its cells: its field for its roles, under its contract alone', async () => {
  const loaded = await loadBundle(POLICIES)
  if (!loaded.ok) throw new Error('the sample bundle has mistakes')
  const { bundle, document } = loaded
  const contract = [...bundle.contracts.values()].findLast(({ purposes }) =>
    purposes.has(PURPOSE as PurposeId),
  )?.document.id
  const added: RuleDocument = {
    id: 'one-more',
    effect: 'permit',
    role: ROLES,
    actions: ['read'],
    resource: 'antimafia_check',
    purposes: [PURPOSE],
    contracts: [contract ?? ''],
    where: { producer_id: { eq: '$ticket.data_subject' }, status: { eq: 'expired' } },
    fields: { plain: ['region'], masked: {}, hidden: [] },
    require: { ticket: 'open', grant: false },
    because: 'Allegato A.9',
  }
  const diff = diffBundles(bundle, compileBundle({ ...document, access: [...document.access, added] }))
  const cells = diff.changes.map(
    ({ cell, field, from, kind, to, witness }) =>
      `${kind}: ${cell.role} ${cell.contract} ${cell.purpose} ${cell.action} ${cell.resource}.${field} ${from} -> ${to}, as on ${JSON.stringify(witness?.record?.['status'])}`,
  )
  expect(cells.toSorted()).toEqual(
    ROLES.map(
      (role) =>
        `widening: ${role} ${contract} ${PURPOSE} read antimafia_check.region hidden -> plain, as on "expired"`,
    ),
  )
  expect(diff.widens).toBe(true)
})
