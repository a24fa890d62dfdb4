import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]); // ReadyForQuery, idle
const FIELDS = [
  'SFATAL',
  'VFATAL',
  'C57P01',
  'Mterminating connection due to administrator command',
];

/**
 * Proxy before PostgreSQL: between `begin` and `end`, new connections end (57P01) with the ready
 * message.
 */
export class TerminatingProxy {
  private readonly clients = new Set<Socket>();
  private terminating = false;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(databaseUrl: string): Promise<TerminatingProxy> {
    const target = new URL(databaseUrl);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const through = new URL(databaseUrl);
    through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const proxy = new TerminatingProxy(server, through.href);
    server.on('connection', (client) =>
      proxy.join(client, connect(Number(target.port), '127.0.0.1')),
    );
    return proxy;
  }

  begin(): void {
    this.terminating = true;
  }

  end(): void {
    this.terminating = false;
  }

  async close(): Promise<void> {
    this.clients.forEach((client) => client.destroy());
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket, server: Socket): void {
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.on('data', (chunk) => server.write(chunk)).on('close', () => server.destroy());
    server
      .on('data', (chunk: Buffer) => this.pass(chunk, client))
      .on('close', () => client.destroy());
    this.clients.add(client);
    client.once('close', () => this.clients.delete(client));
  }

  /** A new connection gets the ready message once; an older one ends with the next response. */
  private pass(chunk: Buffer, client: Socket): void {
    if (!this.terminating || !chunk.subarray(-READY.length).equals(READY))
      return void client.write(chunk);
    client.end(Buffer.concat([chunk, terminationMessage()]));
  }
}

/** ErrorResponse 57P01, sent by a server when an administrator terminates the session. */
function terminationMessage(): Buffer {
  const fields = Buffer.from(`${FIELDS.join('\0')}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}
