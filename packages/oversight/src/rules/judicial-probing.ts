import type { AccessRule } from './access-case.ts'

/** A contractor's attempts on records with judicial data: refused ones, and shown ones that nothing explains. */
export const judicialProbing: AccessRule = (access) => {
  const { event, around } = access
  if (event.contract === null || event.resource === null || !around.setup.judicial.has(event.resource))
    return null
  const { resource } = event
  if (event.decision === 'deny')
    return {
      facts: [
        { code: 'judicial-data', resource },
        { code: 'refused', resource, reason: event.reasons[0] ?? '', event: event.id },
      ],
    }
  if (!access.showed || access.unexplained('judicial-probing').length === 0) return null
  return { facts: [{ code: 'judicial-data', resource }, { code: 'without-explanation' }] }
}
