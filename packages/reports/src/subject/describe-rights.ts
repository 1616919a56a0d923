import type { Say } from '../report/say.ts'
import type { SubjectReport } from './report.ts'

type Right = SubjectReport['rights'][number]

/** The rights that go with these purposes' legal bases (Art. 15(1)(e)): none that does not apply, none left out. */
export function describeRights(bases: ReadonlySet<string>, say: Say): Right[] {
  const has = (...some: readonly string[]): boolean => some.some((basis) => bases.has(basis))
  return [
    {
      article: '16',
      title: say('Rettifica', 'Rectification'),
      text: say(
        'Può far correggere i dati inesatti e completare quelli incompleti.',
        'You may have inaccurate data corrected and incomplete data completed.',
      ),
    },
    {
      article: '17',
      title: say('Cancellazione', 'Erasure'),
      text: has('legal-obligation', 'public-task')
        ? say(
            'Può chiedere la cancellazione dei dati che non servono più. Non spetta per quelli che la legge impone di conservare o che servono a un compito di interesse pubblico (articolo 17, paragrafo 3).',
            'You may ask for data no longer needed to be erased. It does not extend to data that the law requires to be kept or that serve a task in the public interest (Article 17(3)).',
          )
        : say(
            'Può chiedere la cancellazione dei dati che non servono più.',
            'You may ask for data no longer needed to be erased.',
          ),
    },
    {
      article: '18',
      title: say('Limitazione', 'Restriction'),
      text: say(
        'Può chiedere che i dati restino fermi, cioè soltanto conservati, mentre si verifica una Sua contestazione.',
        'You may ask that the data be kept but not otherwise used while your objection to them is checked.',
      ),
    },
    ...(has('consent', 'contract')
      ? [
          {
            article: '20',
            title: say('Portabilità', 'Portability'),
            text: say(
              'Può ricevere in formato leggibile da una macchina i dati che ha fornito per un contratto o con il consenso. Il file JSON che accompagna questa relazione è in tale formato.',
              'You may receive in a machine-readable format the data you gave under a contract or with consent. The JSON file that comes with this report is in such a format.',
            ),
          },
        ]
      : []),
    ...(has('public-task', 'legitimate-interests')
      ? [
          {
            article: '21',
            title: say('Opposizione', 'Objection'),
            text: say(
              'Può opporsi, per motivi legati alla Sua situazione, ai trattamenti svolti per compiti di interesse pubblico o per legittimo interesse.',
              'You may object, on grounds of your situation, to processing for tasks in the public interest or for legitimate interests.',
            ),
          },
        ]
      : []),
    ...(has('consent')
      ? [
          {
            article: '7',
            title: say('Revoca del consenso', 'Withdrawal of consent'),
            text: say(
              'Può revocare il consenso in qualsiasi momento; quanto fatto prima resta lecito.',
              'You may withdraw consent at any time; what was done before stays lawful.',
            ),
          },
        ]
      : []),
  ]
}
