/**
 * The page of this console that a parameter names, or the home page. Anything that a browser could take
 * for another site (`//host`, `/\host`, a scheme, control characters) is the home page.
 */
export function localPath(wanted: string | undefined): string {
  if (wanted === undefined || !/^\/(?![/\\])[\x21-\x7e]*$/.test(wanted) || wanted.includes('\\')) return '/'
  const base = 'http://console.invalid'
  const url = URL.parse(wanted, base)
  return url === null || url.origin !== base ? '/' : url.pathname.replace(/^\/+/, '/') + url.search
}
