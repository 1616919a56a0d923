import { UnavailableError } from '@varco/core'
import { requestDemoToken, sampleIssuers } from '@varco/demo'
import type { Command } from 'commander'
import type { CommandWork, Run } from '../command-context.ts'

export function registerToken(program: Command, run: Run): void {
  program
    .command('token')
    .description('a signed token for a person of the running sample body (demo only)')
    .argument('<username>', 'a login of the sample body, such as one that `varco demo` prints')
    .addHelpText(
      'after',
      '\nExample:\n  $ curl -H "Authorization: Bearer $(npm run -s varco -- token dpo)" http://127.0.0.1:4400/healthz',
    )
    .action((username: string) => run(tokenWork(username)))
}

function tokenWork(username: string): CommandWork {
  return async ({ config, output }) => {
    const logins = sampleIssuers().flatMap(({ path, people }) => people.map((person) => ({ path, person })))
    const login = logins.findLast(({ person }) => person.username === username)
    if (login === undefined) {
      output.problem(`nobody of the sample body logs in as ${username}`)
      return 1
    }
    const address = `http://${config.VARCO_HOST}:${config.VARCO_IDP_PORT}/${login.path}`
    try {
      const token = await requestDemoToken(address, login.person)
      output.answer({ access_token: token.accessToken, expires_in: token.expiresIn }, token.accessToken)
      return 0
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error
      output.problem('the sample body is not running; start it with: npm start')
      return 1
    }
  }
}
