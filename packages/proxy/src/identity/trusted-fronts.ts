import { createHash, X509Certificate } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { ConfigError } from '@varco/core'

/** RFC 9440: one certificate in DER, as a byte sequence of structured fields. */
const CLIENT_CERT = /^:([A-Za-z0-9+/]{1,16384}={0,2}):$/

/**
 * Servers in front of the proxy that end TLS, and say in `Client-Cert` (RFC 9440) with which certificate the caller
 * came. From anybody else the header is nobody's word.
 */
export class TrustedFronts {
  readonly #addresses = new BlockList()

  /**
   * @param fronts addresses, or subnets such as `10.1.0.0/16`
   * @throws ConfigError for what is neither
   */
  constructor(fronts: readonly string[]) {
    for (const front of fronts) {
      const [address = '', prefix, ...rest] = front.split('/')
      const family = isIP(address)
      const bits = prefix === undefined ? null : Number(prefix)
      if (family === 0 || rest.length > 0 || (bits !== null && !isPrefix(prefix ?? '', bits, family)))
        throw new ConfigError('VARCO_TRUSTED_FRONTS', 'a trusted front is neither an address nor a subnet')
      if (bits === null) this.#addresses.addAddress(address, familyName(family))
      else this.#addresses.addSubnet(address, bits, familyName(family))
    }
  }

  /**
   * The SHA-256 thumbprint of the caller's certificate, as `x5t#S256` has it (RFC 8705).
   * @param peer the address at the other end of the connection; `null` when unknown
   */
  thumbprintOf(peer: string | null, header: string | undefined): string | null {
    if (peer === null || header === undefined || !this.#trusts(peer)) return null
    const encoded = CLIENT_CERT.exec(header)?.[1]
    if (encoded === undefined) return null
    try {
      const { raw } = new X509Certificate(Buffer.from(encoded, 'base64'))
      return createHash('sha256').update(raw).digest('base64url')
    } catch {
      return null
    }
  }

  #trusts(peer: string): boolean {
    // A socket that takes both families names IPv4 addresses within IPv6.
    const address = peer.startsWith('::ffff:') && isIP(peer.slice(7)) === 4 ? peer.slice(7) : peer
    const family = isIP(address)
    return family !== 0 && this.#addresses.check(address, familyName(family))
  }
}

function isPrefix(text: string, bits: number, family: number): boolean {
  return /^\d{1,3}$/.test(text) && bits <= (family === 4 ? 32 : 128)
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6'
}
