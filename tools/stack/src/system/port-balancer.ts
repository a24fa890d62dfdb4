import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@sluice/test-servers';

/**
 * Single port for several instances of a service, like an orchestrator's Service. Each connection
 * goes to the next instance accepting connections.
 */
export class PortBalancer {
  private turn = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly server: Server,
    private readonly targets: readonly number[],
  ) {
    server.on('connection', (client) => {
      this.remember(client);
      this.turn += 1;
      this.forward(client, this.targets.length);
    });
  }

  static async open(targets: readonly number[]): Promise<PortBalancer> {
    const port = await freePort();
    const server = createServer({ noDelay: true, pauseOnConnect: true });
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(port, '127.0.0.1', resolve),
    );
    return new PortBalancer(port, server, targets);
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private forward(client: Socket, triesLeft: number): void {
    const port = this.targets[(this.turn + triesLeft) % this.targets.length] ?? 0;
    const server = connect({ host: '127.0.0.1', port, noDelay: true });
    const nobodyThere = (): void => {
      if (triesLeft > 1) this.forward(client, triesLeft - 1);
      else client.resetAndDestroy();
    };
    server.once('error', nobodyThere).once('connect', () => {
      server.off('error', nobodyThere);
      this.remember(server);
      // The server's response before the close is still delivered, even if the client has more data
      // to send.
      server.once('close', () => client.unpipe(server).resume().end());
      client.once('close', () => server.destroy());
      server.pipe(client);
      client.pipe(server);
    });
  }

  private remember(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => this.sockets.delete(socket));
  }
}
