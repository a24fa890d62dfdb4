import { verifyIntake } from '@sluice/signing';
import { startTestServer, type TestServer } from '@sluice/test-kit';

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

  private constructor(private readonly server: TestServer) {}

  static async start(answers: readonly ScriptedAnswer[]): Promise<ScriptedAnswers> {
    const left = [...answers];
    const server = await startTestServer((request, response, body) => {
      const { method = '', url: path = '', headers } = request;
      const timestamp = String(headers['x-cpg-timestamp']);
      const signed = { timestamp, method, path, query: '', body };
      const isGenuine = verifyIntake('a-secret', signed, String(headers['x-cpg-signature']));
      api.arrived.push({ isGenuine, timestamp, body });
      const [status, message] = left.shift() ?? ['cut'];
      if (status === 'cut') return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: status === 200, message, data: {} }));
    });
    const api = new ScriptedAnswers(server);
    return api;
  }

  get url(): string {
    return this.server.url;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
