import { actDraft, type AccessLog } from '@varco/access-log'
import type { ActLog } from '@varco/engagement'

/** The engagement's acts as events of the access log. */
export function actLog(log: Pick<AccessLog, 'append'>): ActLog {
  return { append: ({ kind, ...particulars }) => log.append(actDraft(kind, particulars)) }
}
