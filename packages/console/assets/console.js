// @ts-check
// Small comforts; every page works without them.

// On a narrow screen the filters would push the results out of sight.
const filters = document.querySelector('details.filters')
if (filters instanceof HTMLDetailsElement && matchMedia('(max-width: 767.98px)').matches) {
  filters.open = filters.querySelector('[aria-invalid="true"]') !== null
}

// Where the menu is wider than the screen, the page one is on is in sight. Not by scrollIntoView, which
// moves the point from which the Tab key starts.
const here = document.querySelector('.main-menu [aria-current]')
const menu = here?.closest('ul')
if (here instanceof HTMLElement && menu) menu.scrollLeft = here.offsetLeft - menu.clientWidth / 2

// A printed page shows what is folded away.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('main details')) details.setAttribute('open', '')
})
