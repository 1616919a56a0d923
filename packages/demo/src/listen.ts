import type { Server } from 'node:http'

/**
 * Starts to listen. Rejects with the server's own error where the port cannot be had.
 * @param port 0 for a free one
 * @returns the port
 */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
