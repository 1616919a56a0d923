// @ts-check
// Small comforts; every page works without them.

// On a narrow screen the filters would push the results out of sight.
const filters = document.querySelector('details.filters')
if (filters instanceof HTMLDetailsElement && matchMedia('(max-width: 767.98px)').matches) {
  filters.open = filters.querySelector('[aria-invalid="true"]') !== null
}

// Where a menu is wider than the screen, the page one is on is in sight. Not by scrollIntoView, which
// moves the point from which the Tab key starts.
for (const here of document.querySelectorAll('.main-menu [aria-current], .sections [aria-current]')) {
  const menu = here.closest('ul')
  if (here instanceof HTMLElement && menu) menu.scrollLeft = here.offsetLeft - menu.clientWidth / 2
}

// A run's progress comes by itself.
const running = document.querySelector('[data-progress]')
if (running instanceof HTMLElement) {
  const source = new EventSource(running.dataset['progress'] ?? '')
  source.addEventListener('message', ({ data }) => {
    const { settled, all, text, state } = JSON.parse(data)
    const bar = running.querySelector('progress')
    const words = running.querySelector('[data-progress-text]')
    if (bar) {
      bar.max = Math.max(1, all)
      bar.value = settled
    }
    if (words) words.textContent = text
    if (state !== running.dataset['state']) {
      source.close()
      location.reload()
    }
  })
}

// Figures that are being worked out come by themselves; so does what comes instead, a fault or the login. A page that nobody looks
// at any more keeps no session alive.
if (document.querySelector('[data-awaited]')) {
  let looks = 300
  const lookAgain = async () => {
    const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => null)
    const page = (await answer?.text().catch(() => null)) ?? null
    const isOver = answer !== null && page !== null && !(answer.ok && page.includes('data-awaited'))
    // A fault is told once: asked again, it would all begin anew. The server escapes what it sends.
    if (isOver && answer.status >= 400) document.documentElement.innerHTML = page
    else if (isOver) location.reload()
    else if (--looks > 0) setTimeout(lookAgain, 2_000)
  }
  setTimeout(lookAgain, 1_000)
}

// What would be due is worked out anew while a rule is written.
const draft = document.querySelector('form[data-preview]')
if (draft instanceof HTMLFormElement) {
  let turn = 0
  const refresh = async () => {
    const mine = ++turn
    const sent = [...new FormData(draft)].map(([name, value]) => [
      name,
      typeof value === 'string' ? value : '',
    ])
    const answer = await fetch(draft.dataset['preview'] ?? '', {
      method: 'POST',
      headers: { 'varco-fragment': 'preview' },
      body: new URLSearchParams(sent),
    })
    const preview = document.querySelector('#preview')
    // An answer that comes after a later one is old. The server escapes what it sends.
    if (answer.ok && preview && mine === turn) preview.innerHTML = await answer.text()
  }
  draft.addEventListener('change', () => {
    refresh().catch(() => {})
  })
}

// The clocks are the reader's: what the browser knows of them holds from the next page on. A choice made on the page of
// time zones stands in a cookie that no script can change.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
if (zone) {
  const [name, secure] =
    location.protocol === 'https:' ? ['__Host-varco-time-zone', '; Secure'] : ['varco-time-zone', '']
  document.cookie = `${name}=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`
}

// A printed page shows what is folded away.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('main details')) details.setAttribute('open', '')
})
