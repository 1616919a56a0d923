import { helpText } from './text.ts'

type Topic = keyof (typeof helpText)['it']['topics']

export const TOPICS = Object.keys(helpText.it.topics) as readonly Topic[]

/** The topic a page belongs to, by the first part of its path; `null`: none has been written. */
export function topicOf(pathname: string): Topic | null {
  if (pathname === '/') return 'today'
  const [, first = ''] = pathname.split('/')
  return TOPICS.find((topic) => topic === first) ?? null
}
