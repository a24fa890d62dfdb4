import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AdminTarget } from '@sluice/admin-client';

/** Test server: answers every call with an empty list and records the last call. */
export class CallRecorder {
  private last = '';

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      this.last = `${request.method} ${request.url?.split('?', 1)[0]}`;
      request.resume();
      response.end('{"success":true,"message":"OK","data":[],"data_count":0,"next_cursor":null}');
    });
  }

  static async start(): Promise<CallRecorder> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new CallRecorder(server);
  }

  get target(): AdminTarget {
    const { port } = this.server.address() as AddressInfo;
    return { service: 'recorder', baseUrl: `http://127.0.0.1:${port}`, token: () => '' };
  }

  /** Method and path, e.g. `GET /internal/routes`. */
  async of(call: Promise<unknown>): Promise<string> {
    await call;
    return this.last;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
