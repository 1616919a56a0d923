import type { Fact } from '../alerts/fact.ts'
import type { OperatorDay } from '../watch/operator-day.ts'
import { LOOK_BACK_DAYS, type Profiles } from '../watch/profiles.ts'
import type { WatchSetup } from './watch-setup.ts'

/** Of a day's people, so many without an explanation make the day one: who has tickets for nearly all works hard. */
const UNEXPLAINED_SHARE = 0.2

/** Many more people on one day than the peers see, and not for their tickets. */
export function volume(
  day: OperatorDay,
  profiles: Profiles,
  { settings }: WatchSetup,
): readonly Fact[] | null {
  const rule = settings.alerts.volume
  const people = day.people.size
  if (!rule.enabled || people < rule.at_least) return null
  if (rule.explained_by.includes('ticket') && day.loose.size < people * UNEXPLAINED_SHARE) return null
  const peers = profiles.peerVolume(day)
  if (peers === null || people < rule.times_the_median * Math.max(1, peers.median)) return null
  return [{ code: 'people-in-a-day', people, ...peers }]
}

/** The slow snoop: on no day remarkable, over months more people of more places than any task has. */
export function breadth(
  day: OperatorDay,
  profiles: Profiles,
  { settings }: WatchSetup,
): readonly Fact[] | null {
  const rule = settings.alerts.breadth
  if (!rule.enabled) return null
  const { people, municipalities } = profiles.reachOf(day)
  if (people < rule.at_least || municipalities < rule.municipalities_at_least) return null
  const peers = profiles.peerReach(day)
  if (peers === null || people < rule.times_the_median * Math.max(1, peers.median)) return null
  return [
    { code: 'people-over-time', people, municipalities, days: LOOK_BACK_DAYS, ...peers },
    { code: 'without-explanation' },
  ]
}
