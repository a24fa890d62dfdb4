import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ByteWatch } from './byte-watch.js';

/**
 * Fault for the connection whose client sends `on`.
 *
 * - `before`: cut the connection before forwarding the bytes: the server never receives the bytes.
 * - `after`: forward the bytes and cut when the server responds (with `answer`, if given): the
 *   client gets no response.
 * - `swallow`: forward the bytes and keep the connection, but drop all further responses.
 */
interface ProxyFault {
  readonly on: string | Buffer;
  readonly cut: 'before' | 'after' | 'swallow';
  readonly answer?: string | Buffer;
}

/** Direction to the server, or back to the client. */
export type Direction = 'there' | 'back';

/** Condition of all connections through the proxy, in force until changed. */
export interface LinkCondition {
  /** Delay of the bytes in milliseconds; the order is kept. */
  readonly delayMs?: Readonly<Partial<Record<Direction, number>>>;
  /** Bytes of this direction go nowhere; neither side notices. */
  readonly swallow?: Direction;
  /** New connections are reset, and open connections are cut. */
  readonly refuse?: boolean;
}

/** A TCP proxy in front of a real server, for network faults. */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private readonly faults: { fault: ProxyFault; happened: () => void }[] = [];
  private condition: LinkCondition = {};
  /** Number of late or lost chunks and of cut or refused connections since the start. */
  struck = 0;

  private constructor(
    private readonly server: Server,
    private target: { host: string; port: number },
  ) {
    server.on('connection', (client) => this.accept(client));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async to(port: number, host = '127.0.0.1'): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(0, '127.0.0.1', resolve),
    );
    return new TcpProxy(server, { host, port });
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The same address, by way of this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.host = `127.0.0.1:${this.port}`;
    return changed.href;
  }

  /** Directs the proxy to another server; every connection to the old server is cut. */
  leadTo(port: number): void {
    this.target = { ...this.target, port };
    this.cutAll();
  }

  /**
   * Applies the fault once, to the first connection with a client sending the bytes. Resolves when
   * the fault has matched.
   */
  once(fault: ProxyFault): Promise<void> {
    return new Promise((happened) => this.faults.push({ fault, happened }));
  }

  set(condition: LinkCondition): void {
    this.condition = condition;
    if (!condition.refuse) return;
    this.struck += this.links.size;
    this.cutAll();
  }

  /** Delays all bytes in both directions by this time. */
  delayBy(ms: number): void {
    this.set({ delayMs: { there: ms, back: ms } });
  }

  /** Cuts every connection and resets new connections until `admit`. */
  refuse(): void {
    this.set({ refuse: true });
  }

  admit(): void {
    this.set({});
  }

  cutAll(): void {
    this.links.forEach((link) => link.cut());
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.condition.refuse) {
      this.struck += 1;
      return void client.resetAndDestroy();
    }
    const link = new Link(client, connect({ ...this.target, noDelay: true }), {
      condition: () => this.condition,
      faultIn: (watch) => this.faultIn(watch),
      onStrike: () => (this.struck += 1),
    });
    this.links.add(link);
    link.onEnd(() => this.links.delete(link));
  }

  private faultIn(sent: ByteWatch): ProxyFault | undefined {
    const index = this.faults.findIndex(({ fault }) => sent.contains(fault.on));
    const [found] = index === -1 ? [] : this.faults.splice(index, 1);
    found?.happened();
    return found?.fault;
  }
}

interface LinkRules {
  condition(): LinkCondition;
  onStrike(): void;
  faultIn(sent: ByteWatch): ProxyFault | undefined;
}

/** A proxied connection. */
class Link {
  private readonly sent = new ByteWatch();
  private readonly answered = new ByteWatch();
  private fault: ProxyFault | undefined;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly rules: LinkRules,
  ) {
    const there = this.carrier(server, 'there');
    const back = this.carrier(client, 'back');
    client.on('data', (chunk: Buffer) => this.fromClient(chunk, there));
    server.on('data', (chunk: Buffer) => this.fromServer(chunk, back));
    client.on('end', () => there());
    server.on('end', () => back());
    for (const socket of [client, server])
      socket.on('error', () => this.cut()).on('close', () => this.cut());
  }

  onEnd(done: () => void): void {
    this.client.once('close', done);
  }

  cut(): void {
    if (!this.client.destroyed) this.client.resetAndDestroy();
    this.server.destroy();
  }

  private fromClient(chunk: Buffer, there: (chunk: Buffer) => void): void {
    this.sent.see(chunk);
    this.fault ??= this.rules.faultIn(this.sent);
    if (this.fault?.cut === 'before') return this.cut();
    there(chunk);
  }

  private fromServer(chunk: Buffer, back: (chunk: Buffer) => void): void {
    if (!this.fault) return back(chunk);
    this.answered.see(chunk);
    const { cut, answer } = this.fault;
    if (cut === 'after' && (answer === undefined || this.answered.contains(answer))) this.cut();
  }

  /** Returns a function that carries a chunk, or the end of the stream, under the condition. */
  private carrier(to: Socket, direction: Direction): (chunk?: Buffer) => void {
    let dueAt = 0;
    const later = (forward: () => void, delay: number): void => {
      const now = performance.now();
      dueAt = Math.max(dueAt, now + delay); // later bytes never overtake a delayed byte
      if (dueAt <= now) forward();
      else setTimeout(forward, dueAt - now).unref();
    };
    return (chunk) => {
      const { swallow, delayMs } = this.rules.condition();
      const delay = delayMs?.[direction] ?? 0;
      if (chunk === undefined) return later(() => void (to.destroyed || to.end()), delay);
      if (swallow === direction || delay > 0) this.rules.onStrike();
      if (swallow !== direction) later(() => void (to.destroyed || to.write(chunk)), delay);
    };
  }
}
