import type { PolicyVersion } from '@varco/core'
import type { Act } from '../act/act.ts'
import type { Visit } from '../visit/visit.ts'
import { versionsText } from './versions-text.ts'

/** What can be done with a version, as it is told beforehand. */
export function activation({ locale }: Visit, version: PolicyVersion, widens: boolean): Act {
  const t = versionsText[locale]
  return {
    to: `/policies/versions/${version}/activate`,
    title: t.activateTitle,
    consequences: t.activateConsequences(widens),
    button: t.activate,
    danger: true,
  }
}

export function trial({ locale }: Visit, version: PolicyVersion): Act {
  const t = versionsText[locale]
  return {
    to: `/policies/versions/${version}/shadow`,
    title: t.trialTitle,
    consequences: t.trialConsequences,
    button: t.trial,
  }
}

export function trialEnd({ locale }: Visit): Act {
  const t = versionsText[locale]
  return {
    to: '/policies/shadow/stop',
    title: t.stopTitle,
    consequences: t.stopConsequences,
    button: t.stop,
  }
}
