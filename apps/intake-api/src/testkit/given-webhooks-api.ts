import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhooksReply {
  readonly status?: number;
  readonly message?: string;
  readonly data?: unknown;
}

interface AskedWebhooks {
  /** Method and target with the query, for example `POST /internal/webhooks`. */
  readonly call: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

/**
 * Starts a double of the webhooks service. `replies` holds the answers by method and path, for
 * example `POST /internal/webhooks`; all requests are recorded in `asked`. Calls without a reply
 * get 404.
 */
export async function givenWebhooksApi(replies: Readonly<Record<string, WebhooksReply>>) {
  const asked: AskedWebhooks[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const call = `${incoming.method} ${incoming.url}`;
      const text = Buffer.concat(chunks).toString();
      const { authorization } = incoming.headers;
      asked.push({ call, body: text === '' ? null : (JSON.parse(text) as unknown), authorization });
      const reply = replies[call.split('?', 1)[0] ?? ''];
      const { status = 200, message = 'OK', data } = reply ?? { status: 404, message: 'Not found' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          success: status < 300,
          message,
          next_cursor: null,
          ...(status < 300 && { data }),
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
