import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A received request. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Reply =
  | {
      readonly status: number;
      readonly envelope: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Response with a raw body. */
  | {
      readonly status: number;
      readonly text: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** `cut`: the connection is closed without a response. `silence`: the server never responds. */
  | 'cut'
  | 'silence';

/**
 * HTTP server with scripted replies for tests. Each request gets the next reply, and the last reply
 * is repeated. Received requests are recorded.
 */
export class ScriptedApi {
  readonly arrived: Arrived[] = [];
  private replies: Reply[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ScriptedApi> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        api.arrived.push({ method, target: url, headers, body: Buffer.concat(chunks).toString() });
        const reply = api.replies.length > 1 ? api.replies.shift() : api.replies[0];
        if (reply === undefined || reply === 'cut') return request.socket.destroy();
        if (reply === 'silence') return undefined;
        response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
        return response.end('text' in reply ? reply.text : JSON.stringify(reply.envelope));
      });
    });
    const api = new ScriptedApi(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sets the replies and clears the received requests. */
  answers(...replies: readonly Reply[]): void {
    this.replies = [...replies];
    this.arrived.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export function success(data: unknown, more: object = {}): Reply {
  return { status: 200, envelope: { success: true, message: 'OK', data, ...more } };
}

export function failure(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  data?: object,
): Reply {
  return { status, headers, envelope: { success: false, message, ...(data && { data }) } };
}
