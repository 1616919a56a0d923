import { ConfigError } from '@varco/core'

/** Reads `https://a=http://127.0.0.1:1/a,https://b=…`: where each issuer is reached. */
export function parseIssuerAddresses(text: string): Readonly<Record<string, string>> {
  const entries = text.split(',').filter((entry) => entry.trim() !== '')
  return Object.fromEntries(
    entries.map((entry) => {
      const [issuer = '', address = ''] = entry.trim().split('=', 2)
      if (!URL.canParse(issuer) || !URL.canParse(address)) {
        throw new ConfigError(
          'VARCO_ISSUER_ADDRESSES',
          'VARCO_ISSUER_ADDRESSES must be ISSUER=ADDRESS pairs with commas between',
        )
      }
      return [issuer, address]
    }),
  )
}
