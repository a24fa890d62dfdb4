import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, type Dispatcher, errors } from 'undici';
import { InjectConfig } from '@sluice/service-shell';
import { guardedLookup, NameResolver } from '../guard/guarded-lookup.js';
import { readWebhookUrl, type UrlRules } from '../guard/webhook-url.js';

export type ReceiverAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly answer: string }
  | { readonly kind: 'failed'; readonly error: string };

interface OutgoingRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Number of accounts able to fill their slots at a host at the same time. */
export const ACCOUNTS_PER_HOST = 4;
const ANSWER_BYTES = 4_096;
/** Below the idle timeout of Node's servers (5 s): a close during a request costs an attempt. */
const KEEP_ALIVE_MS = 4_000;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Requests to customers' URLs. Lookups refuse addresses outside the public internet, literal
 * addresses are checked before, redirects are not followed, and nothing is repeated.
 */
@Injectable()
export class WebhookHttp implements OnApplicationShutdown {
  private readonly agent: Agent;
  private readonly timeoutMs: number;
  private readonly allowLoopback: boolean;

  constructor(
    @InjectConfig()
    config: Pick<SendingSettings, 'timeoutMs' | 'allowLoopback' | 'inFlightPerHost'>,
    resolver: NameResolver,
  ) {
    const resolve = (name: string) => resolver.resolve(name);
    this.timeoutMs = config.timeoutMs;
    this.allowLoopback = config.allowLoopback;
    this.agent = new Agent({
      connections: ACCOUNTS_PER_HOST * config.inFlightPerHost,
      pipelining: 1, // no request may wait behind a slow answer
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      headersTimeout: 0, // a single timer limits the whole request
      bodyTimeout: 0,
      allowH2: false,
      connect: {
        lookup: guardedLookup({ resolve, allowLoopback: config.allowLoopback }),
        timeout: CONNECT_TIMEOUT_MS,
      },
    });
  }

  /** Sends a POST. Never throws: every fault is returned as an answer. */
  async post({ url, headers, body }: OutgoingRequest): Promise<ReceiverAnswer> {
    const read = readWebhookUrl(url, { allowLoopback: this.allowLoopback });
    if (!read.ok) return { kind: 'failed', error: 'forbidden_address' };
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.timeoutMs);
    try {
      const { origin, pathname, search } = read.value;
      const response = await this.agent.request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers,
        body,
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

/** The status line has decided: length or loss of the body changes no outcome. */
async function firstBytes(body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES) break; // the break closes the connection
    }
  } catch {
    return Buffer.concat(chunks).subarray(0, ANSWER_BYTES);
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_BYTES);
}

function asText(bytes: Buffer): string {
  return bytes.toString('utf8').replaceAll('\0', '\ufffd');
}

/** Why no answer came, by the codes of Node, OpenSSL and undici. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^forbidden_address$/, 'forbidden_address'],
  [/^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|ETIMEOUT|EREFUSED)/, 'name_not_resolved'],
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|UND_ERR_ABORTED)$/, 'timeout'],
  [/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|ERROR_IN_C|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/, 'tls'],
  [/^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|EPROTO)$/, 'tls'],
  [/^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/, 'headers_too_large'],
  [/^(HPE_|HTTPParserError|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)/, 'not_http'],
  [/^(UND_ERR_SOCKET|ECONNRESET|EPIPE|UND_ERR_INFO|ECONNABORTED)$/, 'connection_lost'],
];

/** Returns a word for the fault before an answer; `failed` for an unknown fault. */
export function errorWord(error: unknown): string {
  if (isForbiddenStatus(error)) return 'not_http';
  const code = codeOf(error);
  return WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed';
}

/** True for an answer with `100` or `101`, which no request of ours asks for. */
function isForbiddenStatus(error: unknown): boolean {
  return error instanceof errors.SocketError && /^bad (response|upgrade)$/.test(error.message);
}

/** Code of the first error, or its name. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause);
  return error instanceof Error ? error.name : '';
}

export interface SendingSettings extends UrlRules {
  readonly timeoutMs: number;
  /** Lease in ms: only the claiming process may send meanwhile. */
  readonly leaseMs: number;
  readonly inFlight: number;
  readonly inFlightPerHost: number;
  readonly inFlightPerWebhook: number;
  /** Limit for a webhook with slow answers, failures or no answer yet. */
  readonly inFlightPerSlowWebhook: number;
}
