import { fixtureBundle } from '@varco/policy/testing'
import { recordGraph, type ForeignKey } from '@varco/retention'
import { expect, test } from 'vitest'

const foreignKey = (child: string, parent: string): ForeignKey => ({
  name: `${child}_fk`,
  child,
  childColumns: ['parent_id'],
  parent,
  parentColumns: ['id'],
  onDelete: 'cascade',
})

test('children come before their parents, by the catalogue’s relations alone too', () => {
  const { components, faults } = recordGraph(fixtureBundle(), [])
  const order = components.flat()
  expect(faults).toEqual([])
  expect(order.indexOf('gse.invoice')).toBeLessThan(order.indexOf('gse.producer'))
})

test('a foreign key between tables of the catalogue orders them, though no relation names it', () => {
  const order = recordGraph(fixtureBundle(), [
    foreignKey('gse.antimafia_check', 'gse.invoice'),
  ]).components.flat()
  expect(order.indexOf('gse.antimafia_check')).toBeLessThan(order.indexOf('gse.invoice'))
})

test('a foreign key from a table the catalogue does not know is a fault that names both', () => {
  const { faults } = recordGraph(fixtureBundle(), [foreignKey('gse.attachment', 'gse.invoice')])
  expect(faults).toEqual([
    {
      code: 'unknown-table',
      foreignKey: 'gse.attachment_fk',
      child: 'gse.attachment',
      parent: 'gse.invoice',
    },
  ])
})

test('foreign keys among tables that hold no records are nobody’s matter', () => {
  expect(recordGraph(fixtureBundle(), [foreignKey('public.a', 'public.b')]).faults).toEqual([])
})

test('tables that point at one another stand together, those that point at them before, those they point at after', () => {
  const itself = recordGraph(fixtureBundle(), [foreignKey('gse.invoice', 'gse.invoice')])
  expect(itself.components).toEqual([['gse.antimafia_check'], ['gse.invoice'], ['gse.producer']])
  const both = recordGraph(fixtureBundle(), [foreignKey('gse.producer', 'gse.invoice')])
  expect(both).toMatchObject({
    faults: [],
    components: [['gse.antimafia_check'], ['gse.invoice', 'gse.producer']],
  })
  const after = recordGraph(fixtureBundle(), [
    foreignKey('gse.producer', 'gse.invoice'),
    foreignKey('gse.invoice', 'gse.antimafia_check'),
  ])
  expect(after.components).toEqual([['gse.antimafia_check', 'gse.invoice', 'gse.producer']])
})
