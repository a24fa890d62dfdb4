import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface SeenCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Answer of the small service for a call; default: a list without entries. */
type Answering = (call: SeenCall, response: ServerResponse) => void;

const DEFAULT: Answering = (_call, response) => {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'set-cookie': 'evil=1',
    'x-secret': 'of the service',
  });
  response.end('{"success":true,"message":"OK","data":[]}');
};

/** A real HTTP service that records its calls. */
export async function smallService() {
  const seen: SeenCall[] = [];
  const whoami = { needs_passkey: true as unknown, asked: 0 };
  let answering = DEFAULT;
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      if (call.url === '/internal/whoami') {
        whoami.asked += 1;
        response.end(JSON.stringify({ success: true, data: whoami }));
        return;
      }
      seen.push(call);
      answering(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    /** Answer to the question whether the console's token needs a passkey; not among the recorded calls. */
    whoami,
    answerWith: (answer: Answering = DEFAULT): void => {
      answering = answer;
      seen.length = 0;
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readCall(request: IncomingMessage): Promise<SeenCall> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const { method = '', url = '', headers } = request;
  return { method, url, headers, body: Buffer.concat(parts) };
}
