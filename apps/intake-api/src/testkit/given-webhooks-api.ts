import { startTestServer } from '@sluice/test-kit';

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

/** Double of the webhooks service: `replies` by method and path, otherwise 404; records `asked`. */
export async function givenWebhooksApi(replies: Readonly<Record<string, WebhooksReply>>) {
  const asked: AskedWebhooks[] = [];
  const { url, stop } = await startTestServer((incoming, response, text) => {
    const call = `${incoming.method} ${incoming.url}`;
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
  return { url, asked, close: stop };
}
