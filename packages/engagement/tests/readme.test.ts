import { ManualClock, readmeExample } from '@varco/core/testing'
import { expect, test } from 'vitest'
// #region example
import { establishContext, liveEngagement } from '@varco/engagement'
import { FIXTURE_NOW, fixtureEngagement, memoryEngagement } from '@varco/engagement/testing'
import { fixtureBundle } from '@varco/policy/testing'

// #endregion

test('the example of the README runs as printed', async () => {
  const clock = new ManualClock(FIXTURE_NOW)
  // #region example
  const store = memoryEngagement(fixtureEngagement()) // in earnest: openEngagementStore(database) of @varco/postgres
  await using engagement = await liveEngagement({ store, feed: store, clock })

  // Issuer and sub of a token that has been checked; the ticket as the caller sent it.
  const caller = { issuer: 'https://login.aurora.example', externalId: 'anna', ticket: 'T-1', grant: null }
  const context = await establishContext(engagement, fixtureBundle(), caller, FIXTURE_NOW)
  // #endregion
  expect(context).toMatchObject({ established: true, ticket: { dataSubject: 'P1' } })
  const { printed, run } = await readmeExample(import.meta.filename)
  expect(printed).toBe(run)
})
