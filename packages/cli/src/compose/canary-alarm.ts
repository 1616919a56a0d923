import { faultFields, type Diagnostics } from '@varco/core'
import type { CanaryWatch } from '@varco/proxy'
import type { Watching } from './watching.ts'

/**
 * Has the watch look at once where a canary was shown, and not at its next turn. However many touches come while it looks, it
 * looks once more: a caller cannot make passes pile up. While another process watches, that one's next turn finds it.
 */
export function canaryAlarm({ pass }: Pick<Watching, 'pass'>, diagnostics: Diagnostics): CanaryWatch {
  let looking = false
  let again = false
  const look = async (): Promise<void> => {
    do {
      again = false
      try {
        await pass()
      } catch (error) {
        diagnostics.error('the watch failed at a canary; its next turn goes on from its last commit', {
          ...faultFields(error),
        })
      }
    } while (again)
    looking = false
  }
  return {
    touched: () => {
      again = true
      if (looking) return
      looking = true
      void look()
    },
  }
}
