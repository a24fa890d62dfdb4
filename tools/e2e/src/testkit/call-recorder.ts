import type { AdminTarget } from '@sluice/admin-client';
import { startTestServer, type TestServer } from '@sluice/test-kit';

/** Test server: answers every call with an empty list and records the last call. */
export class CallRecorder {
  private last = '';

  private constructor(private readonly server: TestServer) {}

  static async start(): Promise<CallRecorder> {
    const server = await startTestServer((request, response) => {
      recorder.last = `${request.method} ${request.url?.split('?', 1)[0]}`;
      response.end('{"success":true,"message":"OK","data":[],"data_count":0,"next_cursor":null}');
    });
    const recorder = new CallRecorder(server);
    return recorder;
  }

  get target(): AdminTarget {
    return { service: 'recorder', baseUrl: this.server.url, token: () => '' };
  }

  /** Method and path, e.g. `GET /internal/routes`. */
  async of(call: Promise<unknown>): Promise<string> {
    await call;
    return this.last;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
