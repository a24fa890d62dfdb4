import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Behaviour = (response: ServerResponse, socket: Socket) => void;

const MEGABYTES = 10;
const OK = 'HTTP/1.1 200 OK\r\n';

/** Behaviour of the receiver by request path; every other path answers 200. */
const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  '/500': (response) => response.writeHead(500).end('no'),
  '/204': (response) => response.writeHead(204).end(),
  '/slow': (response) => void setTimeout(() => response.end('at last'), 300),
  '/never': () => undefined,
  '/half-a-header': (_response, socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-ty'),
  '/huge': (response) => {
    response.writeHead(200);
    for (let sent = 0; sent < MEGABYTES; sent++) response.write(Buffer.alloc(1_000_000, 'x'));
    response.end();
  },
  '/half-an-answer': (response, socket) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => socket.destroy());
  },
  '/hangs-up': (_response, socket) => socket.destroy(),
  '/nul': (response) => response.end(Buffer.from([0x61, 0, 0xff, 0x62])),
  '/no-http': (_response, socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n'),
  '/large-header': (_response, socket) =>
    socket.end(`${OK}x-all: ${'x'.repeat(54_000)}\r\n\r\nthanks`),
  '/many-headers': (_response, socket) =>
    socket.end(`${OK}${'x-one: of many headers\r\n'.repeat(3_000)}\r\nthanks`),
  '/two-lengths': (_response, socket) =>
    socket.end(`${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nno`),
  '/broken-header': (_response, socket) => socket.end(`${OK}no colon\r\n\r\n`),
  '/another-protocol': (_response, socket) =>
    socket.end('HTTP/1.1 101 Now\r\nupgrade: chat\r\nconnection: upgrade\r\n\r\n'),
};

export class Receiver {
  readonly received: Received[] = [];
  readonly open = new Map<string, number>();
  readonly mostOpen = new Map<string, number>();
  private readonly held: ServerResponse[] = [];

  private constructor(
    readonly port: number,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const receiver = new Receiver((server.address() as AddressInfo).port, server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      const path = request.url ?? '';
      receiver.count(path, 1);
      response.once('close', () => receiver.count(path, -1));
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        receiver.received.push({ path, headers: request.headers, body });
        const behaviour = BEHAVIOURS[path];
        if (path === '/first-held' && receiver.at(path).length === 1) receiver.held.push(response);
        else if (path.startsWith('/redirect'))
          response.writeHead(302, { location: `${receiver.url('/target')}` }).end();
        else if (behaviour) behaviour(response, request.socket);
        else response.end('thanks');
      });
    });
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  release(): void {
    for (const response of this.held.splice(0)) response.end('much later');
  }

  at(path: string): readonly Received[] {
    return this.received.filter((request) => request.path === path);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private count(path: string, change: 1 | -1): void {
    const open = (this.open.get(path) ?? 0) + change;
    this.open.set(path, open);
    this.mostOpen.set(path, Math.max(this.mostOpen.get(path) ?? 0, open));
  }
}
