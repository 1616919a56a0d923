import { asId } from '@varco/core'
import { assignmentFact, FIXTURE_NOW, memoryEngagement, operatorFact } from '@varco/engagement/testing'
import { fixtureBundle } from '@varco/policy/testing'
import { expect, test } from 'vitest'
import { assignmentFor, establishViewer } from '../../src/visit/viewer.ts'
import type { LiveSession } from '../../src/session/sessions.ts'

const DPO = assignmentFact({ contract: null, pseudonym: asId('GSE-1'), role: 'dpo', unit: 'dpo-office' })

async function viewerAt(issuer: string) {
  const operator = operatorFact({ issuer, externalId: 'anna' })
  const engagement = memoryEngagement({ operators: [operator], assignments: [DPO] })
  const session = { issuer, externalId: 'anna' } as LiveSession
  const people = { assignmentsOf: async () => engagement.everyAssignment() }
  return establishViewer({ engagement, people }, fixtureBundle(), session, FIXTURE_NOW)
}

test('the body’s own issuer vouches for the body’s own roles', async () => {
  expect(assignmentFor(await viewerAt('https://login.gse.example'), 'read-log')).toEqual(DPO)
})

test.each(['https://login.aurora.example', 'https://login.nobody.example'])(
  'no other issuer does, whatever the database says: %s',
  async (issuer) => {
    expect(assignmentFor(await viewerAt(issuer), 'read-log')).toBeNull()
  },
)
