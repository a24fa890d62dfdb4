import { Agent, request, type IncomingHttpHeaders } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import type { KeyObject } from 'node:crypto';
import { authenticationOf } from '@sluice/stack';

export interface Key {
  readonly key_id: string;
  /** A secret, or the customer's own Ed25519 key. */
  readonly secret: string | KeyObject;
}

export interface Call {
  readonly method?: string;
  /** Path and query, the same as on the request line. */
  readonly target: string;
  readonly body?: string | Buffer;
  /** Headers added last: a test may replace signed values. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timestamp?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly message: string;
  readonly data: Record<string, unknown>;
}

/** Signs and sends exactly the given bytes, over persistent connections. */
export class ApiClient {
  private readonly agent: Agent;

  constructor(
    readonly url: string,
    readonly key: Key,
  ) {
    const options = { keepAlive: true, maxSockets: 200 };
    this.agent = isTls(url) ? new TlsAgent(options) : new Agent(options);
  }

  /** Rejects when the connection ends without an answer. */
  send(call: Call): Promise<Answer> {
    const { method = 'GET', target, body = '', headers = {} } = call;
    const described: Record<string, string> =
      body.length > 0
        ? { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
        : {};
    return sendBytes(this.url, {
      method,
      target,
      body,
      agent: this.agent,
      headers: { ...described, ...this.headersOf(call), ...headers },
    });
  }

  /** Returns the authentication headers. */
  headersOf({ method = 'GET', body = '', ...call }: Call): Record<string, string> {
    return authenticationOf(this.key, { method, body, ...call });
  }

  close(): void {
    this.agent.destroy();
  }
}

interface Bytes {
  readonly method: string;
  readonly target: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

/** Sends an HTTP request unchanged and without a signature. */
export function sendBytes(
  url: string,
  { method, target, body = '', headers = {}, agent }: Bytes,
): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const outgoing = (isTls(url) ? tlsRequest : request)(
      {
        host: hostname,
        port,
        method,
        path: target,
        headers,
        agent: agent ?? false,
        timeout: 45_000,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve(
            answerOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString()),
          ),
        );
        response.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 45 s')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function isTls(url: string): boolean {
  return url.startsWith('https:');
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  const envelope = text.startsWith('{') ? JSON.parse(text) : {};
  return { status, headers, text, message: envelope.message ?? '', data: envelope.data ?? {} };
}
