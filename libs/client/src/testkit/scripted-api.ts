import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What arrived. */
export interface Arrived {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Reply =
  | {
      readonly status: number;
      readonly envelope: object;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The body as it is. */
  | {
      readonly status: number;
      readonly text: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is cut without an answer; or it never answers. */
  | 'cut'
  | 'silence';

/** Somebody who answers HTTP as a test says, one reply for each request, and remembers what arrived. The last one is repeated. */
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

  /** From now on, and nothing has arrived yet. */
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
