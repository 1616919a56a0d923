import type { RestrictionScope } from '@varco/retention'
import { namesOf } from '../i18n/names.ts'
import type { Visit } from '../visit/visit.ts'
import { restrictionsText } from './restrictions-text.ts'

/** What a restriction covers, without naming whom. */
export function kindInWords({ bundle, locale }: Visit, scope: RestrictionScope): string {
  const { kinds } = restrictionsText[locale]
  const names = namesOf(bundle, locale)
  switch (scope.kind) {
    case 'record':
      return kinds.record(names.resource(scope.resource))
    case 'data-subject':
      return kinds['data-subject'](names.dataSubject(scope.dataSubject.kind))
    case 'stage':
      return kinds.stage(names.resource(scope.resource))
  }
}

/** Which record, which data subject or which rule it is. */
export function whichInWords({ bundle, locale, formats }: Visit, scope: RestrictionScope): string {
  const t = restrictionsText[locale]
  switch (scope.kind) {
    case 'record':
      return scope.record
    case 'data-subject': {
      const { resource } = scope
      const only = resource === undefined ? '' : `, ${t.only(namesOf(bundle, locale).resource(resource))}`
      return `${scope.dataSubject.id}${only}`
    }
    case 'stage':
      return [
        namesOf(bundle, locale).retentionRule(scope.rule),
        ...scope.cutoffs.map(({ upTo }) => t.upTo(formats.calendarDay(upTo))),
      ].join(', ')
  }
}
