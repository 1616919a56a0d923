import { expect, test } from 'vitest'
import { renderSummary, type DaySummary, type SummaryParts } from '@varco/demo'

const DAY: DaySummary = {
  requests: 2143,
  operators: 46,
  seconds: 12.345,
  permitted: 1430,
  masked: 803,
  denied: 713,
  faults: 0,
  putOff: 0,
  deniedByCode: { 'outside-annex': 500, 'contract-ended': 99, 'bad-token': 4 },
  byContract: [
    { contract: 'aurispola-2026', requests: 1900, permitted: 1300, denied: 600 },
    { contract: null, requests: 243, permitted: 130, denied: 113 },
  ],
  latency: { p50: 3.21, p99: 21.9 },
  protagonist: { kind: 'producer', id: 'P-000123' },
  mismatches: 0,
  firstMismatches: [],
}

const PARTS: SummaryParts = {
  day: DAY,
  grants: { approved: 'G-1', refused: 'G-2', problems: [] },
  log: { verified: true, events: 2150, roots: [{ writer: 'proxy-1', root: 'q83v' }], problems: [] },
  alerts: [
    { rule: 'judicial-probing', count: 7 },
    { rule: 'after-termination', count: 3 },
  ],
  disposal: {
    rules: [
      { ...{ rule: 'visitor-erase', because: 'Art. 5 GDPR', done: 1312, kept: 0 }, upstream: [] },
      {
        ...{ rule: 'fair-lead-erase', because: 'Art. 7 GDPR', done: 80, kept: 1 },
        upstream: [{ resource: 'newsletter_subscriber', upstream: 'newsletter', done: 54 }],
      },
    ],
    approvals: 2,
    files: ['.varco/certificates/certificato.pdf'],
  },
  reports: ['.varco/reports/P-000123.pdf'],
  urls: [
    { name: 'console', url: 'http://127.0.0.1:4401' },
    { name: 'proxy', url: 'http://127.0.0.1:4400' },
  ],
  logins: [{ at: 'gse', username: 'dpo', password: 'varco', does: 'data protection officer' }],
}

test('says what happened, why, and where to look', () => {
  expect(renderSummary(PARTS)).toBe(`The day
  2,143 requests by 46 people in 12.3 s; half within 3.2 ms, 99 % within 22 ms
  permitted  1,430  67 %  of which 803 with masked fields
  denied       713  33 %
  ✓ every answer is the one the policy intends

Why denied
  outside-annex   500  The purpose is outside the contract’s annex.
  contract-ended   99  The contract has ended.
  bad-token         4

Who asked
  aurispola-2026  1,900  permitted 1,300  denied 600
  own staff         243  permitted 130    denied 113

Grants
  G-1 given by the unit that owns the record, and used; G-2 refused
  ✓ one record was shown, and only under the grant

The access log
  ✓ 2,150 entries, verified
  proxy-1  root q83v

The watch over it
  10 alerts to answer: 7 × judicial-probing, 3 × after-termination

What went at its term
  ✓ 1,312 records by visitor-erase, on the word of 2 people; 0 kept
    Art. 5 GDPR
  ✓ 80 records by fair-lead-erase, on the word of 2 people; 1 kept
    before them 54 × newsletter_subscriber, over HTTP at newsletter
    Art. 7 GDPR
  .varco/certificates/certificato.pdf

The access report of producer P-000123
  .varco/reports/P-000123.pdf

Open in a browser
  console  http://127.0.0.1:4401
  proxy    http://127.0.0.1:4400

Log in as
  gse  dpo  varco  data protection officer
`)
})

test('says loudly what is wrong', () => {
  const difference = 'expected 403 outside-annex, got 200'
  const text = renderSummary(
    {
      ...PARTS,
      day: {
        ...DAY,
        faults: 2,
        putOff: 5,
        mismatches: 12,
        firstMismatches: [{ number: 7, kind: 'outside', difference, times: 12 }],
      },
      log: { verified: false, events: 10, roots: [], problems: ['proxy-1 entry 4 was changed'] },
    },
    { heading: (words) => words.toUpperCase(), good: (words) => words, bad: (words) => `!${words}!` },
  )
  expect(text).toContain('!✗ answers that differ from what the policy intends: 12!')
  expect(text).toContain('12 × outside, such as #7: expected 403 outside-annex, got 200')
  expect(text).toContain('failed         2')
  expect(text).toMatch(/put off +5 +asked to come again/)
  expect(text).toContain('!✗ 10 entries, NOT verified!')
  expect(text).toContain('proxy-1 entry 4 was changed')
  expect(text).toContain('THE ACCESS LOG')
})

test('without a day, for it was played before, tells the rest', () => {
  const text = renderSummary({ ...PARTS, day: null, grants: null })
  expect(text).not.toContain('requests')
  expect(text.startsWith('The access log\n')).toBe(true)
})
