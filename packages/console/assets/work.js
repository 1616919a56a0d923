// @ts-check
// A worker's token of the month: made here, blinded here, signed by the console without being read, unblinded here. What
// the page shows at the end has never been sent anywhere.
import { BlindRSA, PrepareType } from './blindrsa.js'

/** RFC 9474: RSABSSA-SHA384-PSS-Randomized. */
const suite = new BlindRSA({
  name: 'RSABSSA-SHA384-PSS-Randomized',
  hash: 'SHA-384',
  saltLength: 48,
  prepareType: PrepareType.Randomized,
  supportsRSARAW: false,
})

for (const form of document.querySelectorAll('form[data-work-token]'))
  if (form instanceof HTMLFormElement) prepare(form)

/** @param {HTMLFormElement} form */
function prepare(form) {
  const button = form.querySelector('button')
  if (!button) return
  button.disabled = false
  const noScript = form.parentElement?.querySelector('[data-work-noscript]')
  if (noScript instanceof HTMLElement) noScript.hidden = true
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    button.disabled = true
    take(form).then(
      () => say(form, 'done'),
      (error) => {
        button.disabled = false
        say(form, error instanceof Refusal ? null : 'failed', error instanceof Refusal ? error.message : '')
      },
    )
  })
}

class Refusal extends Error {}

/** @param {HTMLFormElement} form */
async function take(form) {
  const { contract = '', month = '' } = form.dataset
  // Without cookies: everybody is told the same key, for nobody is known. One made for this worker would not fit.
  const told = await answerOf(
    await fetch(`/work/key/${encodeURIComponent(contract)}/${month}`, { credentials: 'omit' }),
  )
  const spki = bytesOf(told.public_key)
  const key = await crypto.subtle.importKey('spki', spki, { name: 'RSA-PSS', hash: 'SHA-384' }, true, [
    'verify',
  ])
  const text = `varco/work-token\n${contract}\n${month}`
  const message = suite.prepare(new TextEncoder().encode(text))
  const { blindedMsg, inv } = await suite.blind(key, message)
  const sent = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') sent.append(name, value)
  sent.set('blinded', textOf(blindedMsg))
  const answer = await answerOf(await fetch(form.action, { method: 'POST', body: sent }))
  const signature = await suite.finalize(key, message, bytesOf(answer.blind_signature), inv).catch(() => {
    throw new Refusal(form.dataset['otherKey'])
  })
  const token = JSON.stringify(
    { format: 'varco/work-token', contract, month, message: textOf(message), signature: textOf(signature) },
    null,
    2,
  )
  show(form, token, told.digest)
}

/**
 * @param {Response} response
 * @returns {Promise<Record<string, string>>}
 */
async function answerOf(response) {
  const answer = await response.json()
  if (!response.ok) throw new Refusal(answer.message)
  return answer
}

/**
 * @param {HTMLFormElement} form
 * @param {string} token
 * @param {string | undefined} digest
 */
function show(form, token, digest) {
  const result = form.parentElement?.querySelector('[data-work-result]')
  if (!(result instanceof HTMLElement)) return
  const area = result.querySelector('textarea')
  if (area) area.value = token
  const link = result.querySelector('a')
  if (link) link.href = URL.createObjectURL(new Blob([`${token}\n`], { type: 'application/json' }))
  const shown = result.querySelector('[data-work-digest]')
  if (shown) shown.textContent = digest ?? ''
  result.hidden = false
  form.hidden = true
  area?.focus()
}

/**
 * @param {HTMLFormElement} form
 * @param {'done' | 'failed' | null} what
 * @param {string} [words]
 */
function say(form, what, words = '') {
  const status = form.parentElement?.querySelector('[role="status"]')
  if (status) status.textContent = what === null ? words : (form.dataset[what] ?? words)
}

/** @param {string | undefined} text base64url */
function bytesOf(text = '') {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0))
}

/** @param {Uint8Array} bytes */
function textOf(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
