import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** An address that stays while what is behind it changes, as a cluster's virtual one does. */
export interface MovingAddress extends AsyncDisposable {
  readonly port: number
  /** Ends what is connected; from now on it leads to that port, or nowhere. */
  moveTo(port: number | null): void
}

export async function addressThatMoves(first: number): Promise<MovingAddress> {
  let target: number | null = first
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((caller) => {
    keep(caller)
    if (target === null) {
      caller.destroy()
      return
    }
    const called = connect(target, '127.0.0.1')
    keep(called)
    caller.pipe(called).pipe(caller)
    caller.on('close', () => called.destroy())
    called.on('close', () => caller.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const end = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    moveTo: (port) => {
      target = port
      end()
    },
    [Symbol.asyncDispose]: async () => {
      server.close()
      end()
      await once(server, 'close')
    },
  }
}
