import { connect, createServer, type Server, type Socket } from 'node:net';

/** Direction to the server, or back to the client. */
export type Direction = 'there' | 'back';

/** Network condition of the connections through the relay, in force until changed. */
export interface NetworkCondition {
  /** Delay of the bytes; the order is kept. */
  readonly delayMs?: Readonly<Partial<Record<Direction, number>>>;
  /** Bytes of this direction go nowhere; neither side notices. */
  readonly swallow?: Direction;
  /** New connections are reset, and open connections are cut. */
  readonly refuse?: boolean;
}

/** Transparent relay between clients and a server. */
export class TcpRelay {
  private condition: NetworkCondition = {};
  /** Number of late or lost chunks and of cut or refused connections since the start. */
  struck = 0;
  private readonly links = new Set<Link>();

  private constructor(
    readonly port: number,
    private readonly server: Server,
    private targetPort: number,
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  static async open(listenPort: number, targetPort: number): Promise<TcpRelay> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(listenPort, '127.0.0.1', resolve),
    );
    return new TcpRelay(listenPort, server, targetPort);
  }

  set(condition: NetworkCondition): void {
    this.condition = condition;
    if (!condition.refuse) return;
    this.struck += this.links.size;
    this.cutAll();
  }

  /** Directs new connections to another port; open connections end. */
  aim(targetPort: number): void {
    this.targetPort = targetPort;
    this.cutAll();
  }

  cutAll(): void {
    for (const link of this.links) link.cut();
  }

  close(): void {
    this.cutAll();
    this.server.close();
  }

  private accept(client: Socket): void {
    if (this.condition.refuse) {
      this.struck += 1;
      return void client.resetAndDestroy();
    }
    const link = new Link(
      client,
      connect({ host: '127.0.0.1', port: this.targetPort, noDelay: true }),
      () => this.condition,
      () => void (this.struck += 1),
    );
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
  }
}

class Link {
  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly condition: () => NetworkCondition,
    private readonly strikes: () => void,
  ) {
    this.carry(client, server, 'there');
    this.carry(server, client, 'back');
    for (const socket of [client, server])
      socket.on('error', () => this.cut()).on('close', () => this.cut());
  }

  cut(): void {
    if (!this.client.destroyed) this.client.resetAndDestroy();
    this.server.destroy();
  }

  private carry(from: Socket, to: Socket, direction: Direction): void {
    let dueAt = 0;
    const later = (forward: () => void): void => {
      const delay = this.condition().delayMs?.[direction] ?? 0;
      const now = performance.now();
      dueAt = Math.max(dueAt, now + delay); // later bytes never overtake a delayed byte
      if (dueAt <= now) forward();
      else setTimeout(forward, dueAt - now).unref();
    };
    from.on('data', (chunk: Buffer) => {
      const { swallow, delayMs } = this.condition();
      if (swallow === direction || delayMs?.[direction]) this.strikes();
      if (swallow === direction) return;
      later(() => !to.destroyed && to.write(chunk));
    });
    from.on('end', () => later(() => !to.destroyed && to.end()));
  }
}
