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

/** A TCP proxy in front of a real server, for network faults. */
export class TcpProxy {
  private readonly links = new Set<Link>();
  private readonly faults: { fault: ProxyFault; happened: () => void }[] = [];
  private refusing = false;
  private delay = 0;

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

  /** Delays all bytes in both directions by this time; the order is kept. */
  delayBy(ms: number): void {
    this.delay = ms;
  }

  /** Cuts every connection and resets new connections until `admit`. */
  refuse(): void {
    this.refusing = true;
    this.cutAll();
  }

  admit(): void {
    this.refusing = false;
  }

  cutAll(): void {
    this.links.forEach((link) => link.cut());
  }

  async close(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: Socket): void {
    if (this.refusing) return void client.resetAndDestroy();
    const link = new Link(client, connect({ ...this.target, noDelay: true }), {
      delayMs: () => this.delay,
      faultIn: (watch) => this.faultIn(watch),
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
  delayMs(): number;
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
    client.on('data', (chunk: Buffer) => this.fromClient(chunk));
    server.on('data', (chunk: Buffer) => this.fromServer(chunk));
    client.on('end', () => this.later(() => server.end()));
    server.on('end', () => this.later(() => client.end()));
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

  private fromClient(chunk: Buffer): void {
    this.sent.see(chunk);
    this.fault ??= this.rules.faultIn(this.sent);
    if (this.fault?.cut === 'before') return this.cut();
    this.later(() => this.server.write(chunk));
  }

  private fromServer(chunk: Buffer): void {
    if (!this.fault) return this.later(() => this.client.write(chunk));
    this.answered.see(chunk);
    const { cut, answer } = this.fault;
    if (cut === 'after' && (answer === undefined || this.answered.contains(answer))) this.cut();
  }

  private later(act: () => void): void {
    const ms = this.rules.delayMs();
    if (ms === 0) act();
    else setTimeout(act, ms);
  }
}
