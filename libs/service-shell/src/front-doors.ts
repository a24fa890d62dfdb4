import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { httpServer } from './http-adapter.js';

/** A port to listen at. Why the service is not ready is told to those who may know its surroundings. */
export interface Door {
  readonly port: number;
  readonly tellsWhy: boolean;
}

const COME_BACK_SECONDS = '5';

/**
 * The ports of a service. They may be open before the service is there (its database is away, for hours perhaps): then it lives, says
 * why it is not ready, and answers everything else with 503.
 */
export class FrontDoors {
  private readonly servers: readonly { readonly server: Server; readonly door: Door }[];
  private handler: RequestListener | null = null;
  private waitsFor = 'starting';
  private opening: Promise<unknown> | null = null;

  constructor(
    private readonly host: string,
    doors: readonly Door[],
  ) {
    this.servers = doors.map((door) => ({
      door,
      server: httpServer((request, response) =>
        this.handler
          ? this.handler(request, response)
          : this.answerWaiting(door, request, response),
      ),
    }));
  }

  /** Listens with nobody behind the doors yet. */
  async wait(waitsFor: string): Promise<void> {
    this.waitsFor = waitsFor;
    await this.listen();
  }

  /** From now on `handler` answers. */
  async open(handler: RequestListener): Promise<void> {
    this.handler = handler;
    await this.listen();
  }

  /** Takes no new connection, and resolves once every request under way has its answer. */
  async close(): Promise<void> {
    await Promise.all(
      this.servers.map(({ server }) => new Promise((resolve) => server.close(resolve))),
    );
  }

  private async listen(): Promise<void> {
    this.opening ??= Promise.all(
      this.servers.map(({ server, door }) => listening(server, door.port, this.host)),
    );
    await this.opening;
  }

  private answerWaiting(
    { tellsWhy }: Door,
    { url }: IncomingMessage,
    response: ServerResponse,
  ): void {
    const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'close' };
    if (url === '/healthz')
      return void response.writeHead(200, headers).end(JSON.stringify({ status: 'alive' }));
    const unready = { status: 'not ready', ...(tellsWhy && { faults: [this.waitsFor] }) };
    if (url === '/readyz')
      return void response.writeHead(503, headers).end(JSON.stringify(unready));
    const away = { success: false, message: 'Service temporarily unavailable' };
    response
      .writeHead(503, { ...headers, 'retry-after': COME_BACK_SECONDS })
      .end(JSON.stringify(away));
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
}
