import { randomInt, type KeyObject } from 'node:crypto';
import { signIntake, signIntakeEd25519 } from '@sluice/signing';
import { Pool, request } from 'undici';

export interface IntakeKey {
  readonly key_id: string;
  readonly secret: string;
}

/** Key of a customer: a secret, or the customer's own Ed25519 key. */
interface CustomerKey {
  readonly key_id: string;
  readonly secret: string | KeyObject;
}

/** Answer of the public API. Without a status no answer came, and the message is the cause. */
export interface IntakeAnswer {
  readonly status: number | undefined;
  readonly message: string;
  /** `data` of the envelope. */
  readonly data: unknown;
}

/** A request as sent over the wire, also for replays. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface CallOptions {
  readonly body?: object;
  /** Seconds to wait for the venue's answer (`Prefer: wait=N`). */
  readonly wait?: number;
}

/** The API accepts timestamps of 300 s in both directions; the rest is reserved for clock errors. */
const SPREAD_S = 150;
const USED = 'Request signature has already been used';
const ATTEMPTS = 5;
const WITHIN_MS = 45_000;
let signed = randomInt(2 * SPREAD_S);

/**
 * Returns the timestamp of a request. Equal requests within the same second have equal signatures:
 * each request gets a second of its own within the accepted time.
 */
export function freshTimestamp(): string {
  return String(Math.floor(Date.now() / 1_000) + ((signed++ % (2 * SPREAD_S)) - SPREAD_S));
}

/** Returns the authentication headers of a request. */
export function authenticationOf(
  { key_id, secret }: CustomerKey,
  call: {
    readonly method: string;
    readonly target: string;
    readonly body: string | Buffer;
    readonly timestamp?: string;
  },
): Record<string, string> {
  const { method, target, body, timestamp = freshTimestamp() } = call;
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2);
  const content = { timestamp, method, path, query, body };
  const signature =
    typeof secret === 'string' ? signIntake(secret, content) : signIntakeEd25519(secret, content);
  return { 'x-cpg-key': key_id, 'x-cpg-timestamp': timestamp, 'x-cpg-signature': signature };
}

/** Client of the public API, like the client of a product team. Requests go to the URLs in turn. */
export class SignedClient {
  private readonly places: readonly { readonly url: string; readonly pool?: Pool }[];
  private turn = 0;

  /** `kept`: options of connections of this client alone (default: the connections of `fetch`). */
  constructor(
    urls: readonly string[],
    private readonly key: IntakeKey,
    kept?: Pool.Options,
  ) {
    this.places = urls.map((url) => ({ url, ...(kept && { pool: new Pool(url, kept) }) }));
  }

  sign(method: string, target: string, body = ''): SignedRequest {
    const content: Record<string, string> =
      body === '' ? {} : { 'content-type': 'application/json' };
    const headers = { ...content, ...authenticationOf(this.key, { method, target, body }) };
    return { method, target, headers, body };
  }

  /** Sends a request once. Never throws. */
  async send(
    { method, target, headers, body }: SignedRequest,
    withinMs = WITHIN_MS,
  ): Promise<IntakeAnswer> {
    const { url, pool } = this.places[this.turn++ % this.places.length] ?? { url: '' };
    try {
      const response = await request(`${url}${target}`, {
        method,
        headers,
        signal: AbortSignal.timeout(withinMs),
        ...(body !== '' && { body }),
        ...(pool && { dispatcher: pool }),
      });
      const { message, data } = fieldsOf(parsed(await response.body.text()));
      return { status: response.statusCode, message: textOf(message), data };
    } catch (error) {
      return { status: undefined, message: causeOf(error), data: undefined };
    }
  }

  /**
   * Signs and sends a request. A signature used by another client of the same key is refused: the
   * request is signed again, at most five times. Throws if no answer comes.
   */
  async call(
    method: string,
    target: string,
    { body, wait }: CallOptions = {},
  ): Promise<IntakeAnswer & { readonly status: number }> {
    const text = body === undefined ? '' : JSON.stringify(body);
    for (let attempt = 1; ; attempt++) {
      const plain = this.sign(method, target, text);
      const preference = wait === undefined ? {} : { prefer: `wait=${wait}` };
      const answer = await this.send({ ...plain, headers: { ...plain.headers, ...preference } });
      const { status, message } = answer;
      if (status === undefined) throw new Error(`${method} ${target}: ${message}`);
      if (attempt === ATTEMPTS || status !== 401 || message !== USED) return { ...answer, status };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.places.map(async ({ pool }) => pool?.destroy()));
  }
}

function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : {};
  const one = cause instanceof Error ? cause : error;
  if (!(one instanceof Error)) return String(one);
  return 'code' in one && typeof one.code === 'string' ? one.code : one.message || one.name;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Fields of a received object; any other value has no fields. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

export function rowsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : '';
}

/** Parses JSON. Undefined for other texts: a gateway's HTML page, a truncated response. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
