import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** Behaviour of the proxy: a relay, the status of a refusal, silence, or a cut connection. */
export type ProxyBehaviour = 'relays' | 'is silent' | 'cuts' | 'cuts when open' | number;

/** HTTP proxy for CONNECT, with the faults of real proxies. */
export class ConnectProxy {
  behaviour: ProxyBehaviour = 'relays';
  /** Place and login of each CONNECT. */
  readonly asked: (readonly [place: string, login: string | undefined])[] = [];
  /** Bytes relayed from clients. */
  relayed = Buffer.alloc(0);
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connect', (request: IncomingMessage, socket: Socket) => this.serve(request, socket));
    server.on('connection', (socket: Socket) => this.keep(socket));
  }

  static async start(): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(createServer());
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection of clients and to destinations. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
  }

  private serve({ url = '', headers }: IncomingMessage, client: Socket): void {
    this.asked.push([url, headers['proxy-authorization']]);
    switch (this.behaviour) {
      case 'is silent':
        return;
      case 'cuts':
        client.destroy();
        return;
      case 'cuts when open':
        client.end('HTTP/1.1 200 Connection established\r\n\r\n');
        return;
      case 'relays':
        this.relay(new URL(`http://${url}`), client);
        return;
      default:
        client.end(`HTTP/1.1 ${this.behaviour} Refused\r\ncontent-length: 0\r\n\r\n`);
    }
  }

  private relay({ hostname, port }: URL, client: Socket): void {
    const destination = connect(Number(port === '' ? 80 : port), hostname);
    this.keep(destination);
    destination.once('connect', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.on('data', (bytes: Buffer) => (this.relayed = Buffer.concat([this.relayed, bytes])));
      client.pipe(destination).pipe(client);
    });
    destination.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    destination.once('close', () => client.destroy());
    client.once('close', () => destination.destroy());
  }
}
