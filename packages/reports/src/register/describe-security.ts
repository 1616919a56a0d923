import type { Bundle } from '@varco/policy'
import { formatIn } from '../document/format.ts'
import type { Say } from '../report/say.ts'
import type { ProcessingRegisterContent } from './register.ts'

/** Technical and organisational measures (Art. 30(1)(g), 32(1)), as the rules in force show them; nothing is claimed that they do not. */
export function describeSecurity(bundle: Bundle, say: Say): ProcessingRegisterContent['security'] {
  const { access, varco, catalogue } = bundle.document
  const format = formatIn(say.locale, varco.time_zone)
  const permits = access.filter((rule) => rule.effect === 'permit')
  const forbids = access.length - permits.length
  const masked = new Set(
    permits.flatMap((rule) =>
      Object.keys(rule.fields?.masked ?? {}).map((field) => `${rule.resource}.${field}`),
    ),
  )
  const fields = catalogue.reduce((sum, resource) => sum + Object.keys(resource.fields).length, 0)
  const withTicket = permits.filter((rule) => rule.require.ticket === 'open').length
  const withGrant = permits.filter((rule) => rule.require.grant).length
  const limited = permits.filter((rule) => rule.require.max_records_per_hour !== undefined).length
  const n = (count: number): string => format.number(count)
  return [
    {
      title: say('Accesso negato salvo regola', 'Access denied unless a rule permits it'),
      text: say(
        `Nessun accesso è possibile senza una regola che lo permetta per quel ruolo, quel contratto e quella finalità. Regole di permesso: ${n(permits.length)}; divieti, che prevalgono sempre: ${n(forbids)}.`,
        `No access is possible without a rule that permits it for that role, contract and purpose. Permitting rules: ${n(permits.length)}; forbidding ones, which always win: ${n(forbids)}.`,
      ),
    },
    {
      title: say('Minimizzazione campo per campo', 'Minimisation field by field'),
      text: say(
        `Ogni regola dice quali campi si vedono. Dei ${n(fields)} campi dichiarati, ${n(masked.size)} sono mostrati solo in parte da almeno una regola; un campo non dichiarato non si vede mai.`,
        `Each rule says which fields are seen. Of the ${n(fields)} declared fields, ${n(masked.size)} are shown only in part by at least one rule; an undeclared field is never seen.`,
      ),
    },
    {
      title: say('Limiti all’uso', 'Limits on use'),
      text: say(
        `Regole che chiedono una pratica aperta: ${n(withTicket)}; un’autorizzazione puntuale: ${n(withGrant)}; con un limite di schede all’ora: ${n(limited)}.`,
        `Rules that require an open ticket: ${n(withTicket)}; a grant for the single case: ${n(withGrant)}; with a limit of records an hour: ${n(limited)}.`,
      ),
    },
    {
      title: say('Fine dell’accesso con il contratto', 'Access ends with the contract'),
      text: say(
        'L’accesso di chi lavora per un’impresa esterna vale solo tra il primo e l’ultimo giorno del contratto e si interrompe alla sua cessazione.',
        'Access of those who work for an outside company holds only between the first and the last day of its contract and stops when it is terminated.',
      ),
    },
    {
      title: say('Registro degli accessi inalterabile', 'Tamper-evident log of accesses'),
      text: say(
        `Ogni accesso è registrato prima che i dati siano mostrati, in un registro firmato in cui nessuna modifica passa inosservata, conservato almeno ${format.period(varco.log.floor)} e al massimo ${format.period(varco.log.ceiling)} (${varco.log.because}).`,
        `Each access is recorded before data are shown, in a signed log in which no change goes unseen, kept for at least ${format.period(varco.log.floor)} and at most ${format.period(varco.log.ceiling)} (${varco.log.because}).`,
      ),
    },
    {
      title: say('Tutela dei lavoratori', 'Protection of workers'),
      text: say(
        'Il registro indica gli operatori con uno pseudonimo; per conoscere un’identità servono un motivo registrato e due persone.',
        'The log gives operators by pseudonym; opening an identity takes a recorded reason and two people.',
      ),
    },
  ]
}
