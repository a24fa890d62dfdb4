import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Times of a connection (ms). */
export interface ConnectionTimes {
  /** Limit for a client to send a request including the body, from its first byte. */
  readonly sendWithinMs: number;
  /** Interval of the check of this limit. */
  readonly checkEveryMs: number;
  /** Minimum time for which a connection stays open without a request. */
  readonly keepAliveMs: number;
}

/**
 * Connections without a request yet. A balancer opens connections ahead, and sends a request over
 * them much later: an answer or an end before the keep-alive time would fail this request. Node
 * counts its limit for headers from the opening, and would answer 408 to no request.
 */
export class UnusedConnections {
  private readonly timers = new Map<Duplex, NodeJS.Timeout>();

  constructor(private readonly times: ConnectionTimes) {}

  watch(server: Server): void {
    const opened = server instanceof TlsServer ? 'secureConnection' : 'connection';
    server.on(opened, (socket: Socket) => this.add(socket));
    server.on('request', ({ socket }) => this.forget(socket));
  }

  /** True for a connection that has not sent a byte: no limit of a request applies. */
  has(socket: Duplex): boolean {
    return this.timers.has(socket) && isSilent(socket as Socket);
  }

  /** Ends the connections that have not sent a byte: Node does not count them as idle. */
  close(): void {
    for (const socket of this.timers.keys()) if (this.has(socket)) socket.destroy();
  }

  private add(socket: Socket): void {
    const { keepAliveMs, sendWithinMs, checkEveryMs } = this.times;
    const end = (): void => void socket.destroy();
    const endUnlessBegun = (): void => {
      if (isSilent(socket)) return end();
      // Node answers 408 before; bytes that begin no request (line ends) have no limit of Node
      this.timers.set(socket, setTimeout(end, sendWithinMs + 2 * checkEveryMs).unref());
    };
    this.timers.set(socket, setTimeout(endUnlessBegun, keepAliveMs).unref());
    socket.once('close', () => this.forget(socket));
  }

  private forget(socket: Duplex): void {
    clearTimeout(this.timers.get(socket));
    this.timers.delete(socket);
  }
}

/** A TLS socket counts only bytes after the handshake. */
function isSilent({ bytesRead }: Socket): boolean {
  return bytesRead === 0;
}
