import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import { Agent, type Dispatcher } from 'undici';
import type { WebhooksConfig } from '../config.js';
import { guardedLookup } from '../guard/guarded-lookup.js';
import { NameResolver } from '../guard/name-resolver.js';
import { readWebhookUrl } from '../guard/webhook-url.js';
import { errorWord } from './error-word.js';

/** What came of one request. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly error: string };

export interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** So many accounts may fill their places at one host at once. */
export const ACCOUNTS_PER_HOST = 4;
/** All that is read of an answer. */
const ANSWER_BYTES = 4_096;
/** Below the 5 s after which Node's servers close a connection at rest: one that is closed under a request costs an attempt. */
const KEEP_ALIVE_MS = 4_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Sends to addresses that strangers have named. Each connection is made by a look-up that refuses what is not public, and goes to the address that
 * was looked at; a literal address, which no look-up sees, is looked at before. Redirects are not followed, nothing is sent twice by itself.
 */
@Injectable()
export class WebhookHttp implements OnApplicationShutdown {
  private readonly agent: Agent;
  private readonly timeoutMs: number;
  private readonly allowLoopback: boolean;

  constructor(
    @InjectConfig()
    config: Pick<WebhooksConfig, 'timeoutMs' | 'allowLoopback' | 'inFlightPerHost'>,
    resolver: NameResolver,
  ) {
    const resolve = (name: string) => resolver.resolve(name);
    this.timeoutMs = config.timeoutMs;
    this.allowLoopback = config.allowLoopback;
    this.agent = new Agent({
      connections: ACCOUNTS_PER_HOST * config.inFlightPerHost,
      pipelining: 1, // behind a slow answer nothing else may wait
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0, // there is one limit for the whole
      bodyTimeout: 0,
      allowH2: false,
      connect: {
        lookup: guardedLookup({ resolve, allowLoopback: config.allowLoopback }),
        timeout: CONNECT_TIMEOUT_MS,
      },
    });
  }

  /** Never throws: every way in which it can go wrong is an answer. */
  async post({ url, headers, body }: OutgoingRequest): Promise<Answer> {
    const read = readWebhookUrl(url, { allowLoopback: this.allowLoopback });
    if (!read.ok) return { kind: 'failed', error: 'forbidden_address' };
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.timeoutMs);
    try {
      const { origin, pathname, search } = read.value;
      const response = await this.agent.request({
        ...{ origin, path: pathname + search, method: 'POST', headers, body },
        signal: limit.signal,
      });
      const answer = await firstBytes(response.body);
      return { kind: 'answered', status: response.statusCode, answer: asText(answer) };
    } catch (error) {
      return { kind: 'failed', error: limit.signal.aborted ? 'timeout' : errorWord(error) };
    } finally {
      clearTimeout(timer);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

/** With the first line the receiver has said what it had to say: whatever becomes of the rest, and however long it is, changes nothing. */
async function firstBytes(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES) break; // which ends the connection
    }
  } catch {
    return Buffer.concat(chunks).subarray(0, ANSWER_BYTES);
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES);
}

/** What is not UTF-8 shows as such, and PostgreSQL's text holds no NUL. */
function asText(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\ufffd');
}
