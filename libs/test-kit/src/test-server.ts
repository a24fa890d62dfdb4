import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers a request whose body has arrived completely. */
type Answerer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface TestServer {
  readonly url: string;
  /** Stops the server, and closes its open connections. */
  stop(): Promise<void>;
}

/** Starts an HTTP server on a free port of this machine. */
export async function startTestServer(answer: Answerer): Promise<TestServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
