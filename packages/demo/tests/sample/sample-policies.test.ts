import path from 'node:path'
import { hangingOn, loadBundle, runCases, type Bundle } from '@varco/policy'
import { beforeAll, describe, expect, it } from 'vitest'

let bundle: Bundle

beforeAll(async () => {
  const loaded = await loadBundle(path.join(import.meta.dirname, '../../../../policies'))
  if (!loaded.ok)
    throw new Error(loaded.problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join('\n'))
  bundle = loaded.bundle
})

describe('the sample policies', () => {
  it('decide every golden case as their authors expect', () => {
    const { results } = runCases(bundle)
    expect(results.filter(({ disagreements }) => disagreements.length > 0)).toEqual([])
    expect(results.length).toBeGreaterThan(150)
  })

  it('have no rule that no case tries, and no clause that was not seen both to let in and to keep out', () => {
    const { rulesNotCovered, clauses } = runCases(bundle)
    expect(rulesNotCovered).toEqual([])
    expect(clauses.filter(({ seenTrue, seenFalse }) => !seenTrue || !seenFalse)).toEqual([])
  })

  it('have no purpose without a rule', () => {
    const used = new Set(bundle.document.access.flatMap(({ purposes }) => purposes ?? []))
    expect([...bundle.purposes.keys()].filter((purpose) => !used.has(purpose))).toEqual([])
  })

  it('ask a contractor for an open ticket wherever a person is behind the record; the desk alone has none', () => {
    const contractors = ['contact-centre.operator', 'contact-centre.supervisor', 'reception.host']
    const without = bundle.document.access.filter(
      ({ effect, role, require }) =>
        effect === 'permit' && role?.some((each) => contractors.includes(each)) && require.ticket !== 'open',
    )
    expect(new Set(without.map(({ resource }) => resource))).toEqual(new Set(['visitor']))
  })

  it('show judicial data to nobody but the antimafia unit, who it authorises, and the DPO', () => {
    const judicial = new Set(
      Object.entries(bundle.document.varco.categories).flatMap(([id, { judicial }]) =>
        judicial ? [id] : [],
      ),
    )
    const readers = bundle.document.access
      .filter(({ effect, resource, fields }) => {
        const declared = bundle.document.catalogue.find((each) => each.resource === resource)?.fields ?? {}
        const shown = [...(fields?.plain ?? []), ...Object.keys(fields?.masked ?? {})]
        return effect === 'permit' && shown.some((name) => judicial.has(declared[name]?.category ?? ''))
      })
      .map(({ id }) => id)
    expect(readers.toSorted()).toEqual([
      'antimafia-evaluation',
      'antimafia-evaluation-update',
      'antimafia-release-by-grant',
      'dpo-subject-access-antimafia-check',
    ])
  })

  it('forbid every contractor every segregated file', () => {
    const { document } = bundle
    const contracts = [...bundle.contracts.keys()].toSorted()
    for (const { resource, fields } of document.catalogue) {
      if (fields['segregated'] === undefined) continue
      const forbid = document.access.find(({ id }) => id === `segregated-${resource.replaceAll('_', '-')}`)
      expect([resource, forbid?.effect, forbid?.contracts?.toSorted(), forbid?.actions.length]).toEqual([
        resource,
        'forbid',
        contracts,
        5,
      ])
    }
  })

  it('say for every resource how long it is kept', () => {
    // What an upstream alone has is kept as long as what it hangs on, and goes before it.
    const kept = new Set(
      bundle.document.retention.flatMap(({ resource: name }) => {
        const resource = [...bundle.resources.values()].find((each) => each.name === name)
        const hanging = resource === undefined ? [] : hangingOn(bundle, resource)
        return [name, ...hanging.map((each) => String(each.resource.name))]
      }),
    )
    expect(
      bundle.document.catalogue.map(({ resource }) => resource).filter((resource) => !kept.has(resource)),
    ).toEqual([])
  })
})
