import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyIntake } from '@sluice/signing';

/** Received request; `isGenuine` is true if signed with `a-secret`. */
interface Arrived {
  readonly isGenuine: boolean;
  readonly timestamp: string;
  readonly body: string;
}

type ScriptedAnswer = readonly ['cut'] | readonly [status: number, message: string];

/** API server returning the given responses in order. */
export class ScriptedAnswers {
  readonly arrived: Arrived[] = [];

  private constructor(private readonly server: Server) {}

  static async start(answers: readonly ScriptedAnswer[]): Promise<ScriptedAnswers> {
    const left = [...answers];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const body = Buffer.concat(chunks).toString();
        const timestamp = String(headers['x-cpg-timestamp']);
        const signed = { timestamp, method, path, query: '', body };
        const isGenuine = verifyIntake('a-secret', signed, String(headers['x-cpg-signature']));
        api.arrived.push({ isGenuine, timestamp, body });
        const [status, message] = left.shift() ?? ['cut'];
        if (status === 'cut') return request.socket.destroy();
        response.writeHead(status, { 'content-type': 'application/json' });
        return response.end(JSON.stringify({ success: status === 200, message, data: {} }));
      });
    });
    const api = new ScriptedAnswers(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
