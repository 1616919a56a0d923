import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { DemoPerson, People } from './demo-person.ts'
import { loginPage } from './login-page.ts'
import { failedPage } from './notice-page.ts'
import { localeOf, pageHeaders, sendPage } from './page.ts'

const FORM_BYTES_AT_MOST = 4096

export interface Login {
  readonly provider: Provider
  readonly people: People
  /** Origins the login may send the browser back to. */
  readonly returnTo: readonly string[]
}

/** Answers `/PATH/interaction/UID`: shows the form, checks the password, hands the person to the provider. */
export async function handleLogin(
  login: Login,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { provider, people } = login
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams
  const accepted = request.headers['accept-language']
  const headers = pageHeaders(login.returnTo)
  const interaction = await provider.interactionDetails(request, response).catch(() => null)
  if (interaction === null) {
    sendPage(response, 400, headers, failedPage(localeOf([query.get('lang') ?? '', accepted]), 'expired'))
    return
  }
  const asked = interaction.params['ui_locales']
  const locale = localeOf([query.get('lang') ?? '', typeof asked === 'string' ? asked : '', accepted])
  const show = (status: number, username: string, refused: boolean): void => {
    const page = {
      locale,
      path,
      issuer: new URL(provider.issuer).host,
      offered: people.offered,
      username,
      refused,
    }
    sendPage(response, status, headers, loginPage(page))
  }
  if (request.method === 'GET') {
    show(200, query.get('as') ?? '', false)
    return
  }
  const form = await readForm(request)
  if (form?.get('cancel') === 'yes') {
    await provider.interactionFinished(request, response, {
      error: 'access_denied',
      error_description: 'the person went back',
    })
    return
  }
  const username = form?.get('username') ?? ''
  const person = people.check(username, form?.get('password') ?? '')
  if (person === null) show(422, username, true)
  else await provider.interactionFinished(request, response, { login: loginResult(person) })
}

function loginResult(person: DemoPerson): { accountId: string; amr: string[]; remember: boolean } {
  return { accountId: person.sub, amr: ['pwd'], remember: false }
}

/** `null` when it is no form, or too long to be ours. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) return null
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > FORM_BYTES_AT_MOST) return null
  }
  return new URLSearchParams(text)
}
