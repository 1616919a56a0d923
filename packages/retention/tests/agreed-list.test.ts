import { harmlessCell } from '@varco/core'
import { readAgreedList, weighAgreed, type PlannedRule, type RetentionPlan } from '@varco/retention'
import { describe, expect, test } from 'vitest'

const read = (text: string) => readAgreedList(Buffer.from(text))

describe('the list an authority gives back', () => {
  test('is read as a spreadsheet wrote it, whichever columns are left', () => {
    const records = [
      { rule: 'visitors', key: 'V1' },
      { rule: 'visitors', key: 'V 2' },
    ]
    const full = '\ufeff"rule","resource","key","from"\r\n"visitors","visitor","V1","2020-01-01"\r\n'
    expect(read(`${full}"visitors","visitor","V 2",""\r\n`)).toEqual({ ok: true, records })
    expect(read('key;rule\nV1;visitors\nV 2;visitors\n')).toEqual({ ok: true, records })
  })

  test.each(['=1+1', '-7', '@x', '＝1', '|x'])(
    'has keys that a spreadsheet would run without their apostrophe: %s',
    (key) => {
      expect(read(`rule,key\nr,"'${key}"\n`)).toMatchObject({ records: [{ key }] })
    },
  )

  test.each(['A;-7', 'x;=1', ' =1', '=1; +2', 'a b'])('has each key as it was planned: %j', (key) => {
    expect(read(`rule,key\nr,"${harmlessCell(key)}"\n`)).toMatchObject({ records: [{ key }] })
  })

  test('keeps an apostrophe that guards nothing', () => {
    expect(read("rule,key\nr,'quoted\n")).toMatchObject({ records: [{ key: "'quoted" }] })
  })

  test.each([
    ['', 'empty', 1],
    ['rule,resource\nr,x\n', 'missing-column', 1],
    ['rule,key\nr,1\nr\n', 'ragged-row', 3],
  ])('says what is wrong with %j, and where', (text, fault, line) => {
    expect(read(text)).toEqual({ ok: false, fault, line })
  })
})

describe('what an authority’s letter would leave', () => {
  const planned = { invoices: ['1', '2', '3'], visitors: ['V1'] }
  const rules = Object.entries(planned).map(
    ([rule, keys]) => ({ rule, resource: rule, records: keys.length }) as unknown as PlannedRule,
  )
  const plan = { id: 'P', rules } as unknown as RetentionPlan
  const store = {
    plannedKeys: async function* (_plan: string, rule: string) {
      for (const key of planned[rule as keyof typeof planned]) yield [key]
    },
  } as unknown as Parameters<typeof weighAgreed>[0]['store']

  test('is told rule by rule, each record once', async () => {
    const agreed = ['1', '3', '3'].map((key) => ({ rule: 'invoices', key }))
    expect(await weighAgreed({ store }, plan, agreed)).toEqual([
      { rule: 'invoices', resource: 'invoices', proposed: 3, agreed: 2 },
      { rule: 'visitors', resource: 'visitors', proposed: 1, agreed: 0 },
    ])
  })

  test.each([
    { rule: 'invoices', key: '4' },
    { rule: 'visitors', key: '1' },
    { rule: 'others', key: '1' },
  ])('is nothing where it lists what the plan does not: %j', async (other) => {
    expect(await weighAgreed({ store }, plan, [{ rule: 'invoices', key: '1' }, other])).toBeNull()
  })
})
