import { tableCsv, tableHtml } from '@varco/oversight'
import { expect, test } from 'vitest'

const FORMULAS = ['=1+1', ' =1+1', '＝1+1', '-1+1', '+1', '@x', '|cmd', '%cmd', 'x;=1+1']
const HARMLESS = ["'=1+1", "' =1+1", "'＝1+1", "'-1+1", "'+1", "'@x", "'|cmd", "'%cmd", "x;'=1+1"]

test('neither CSV nor page hands a formula to a spreadsheet, in a heading or in a cell', () => {
  const table = { title: 't', columns: FORMULAS, rows: [FORMULAS] }
  const line = `${HARMLESS.join(',')}\r\n`
  expect(tableCsv(table)).toBe(line + line)
  const html = tableHtml(table, 'it')
  for (const cell of HARMLESS) {
    expect(html).toContain(`<td>${cell}</td>`)
    expect(html).toContain(`<th scope="col">${cell}</th>`)
  }
})

test('a number keeps its sign, and a count held back is told', () => {
  const table = { title: 't', columns: ['trend', 'count'], rows: [[-1.5, null]] }
  expect(tableCsv(table)).toBe('trend,count\r\n-1.5,< 5\r\n')
  expect(tableHtml(table, 'en')).toContain('<td>-1.5</td><td>&lt; 5</td>')
})
