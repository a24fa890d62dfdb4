/** Requests and answers of the local issuer. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Answer of the issuer before it is sent. */
export interface IssuerAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const LONGEST_BODY = 16_384;

export function jsonAnswer(status: number, body: object): IssuerAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Refusal of the token endpoint (RFC 6749, section 5.2). */
export function refused(status: number, error: string): IssuerAnswer {
  return jsonAnswer(status, { error });
}

/** Returns the body of a request. A longer body is cut, and fails later as a form. */
export async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) if (text.length < LONGEST_BODY) text += String(chunk);
  return text;
}

export function isSame(given: string, known: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(known));
}

export function randomText(): string {
  return randomBytes(32).toString('base64url');
}

/** Map of short-lived values by secret names; the oldest values leave a full map. */
export class ShortLived<T> {
  private readonly values = new Map<string, { readonly value: T; readonly endsMs: number }>();
  private readonly lifeMs: number;
  private readonly most: number;

  constructor(lifeMs: number, most = 10_000) {
    this.lifeMs = lifeMs;
    this.most = most;
  }

  set(name: string, value: T): void {
    this.values.set(name, { value, endsMs: Date.now() + this.lifeMs });
    const [oldest] = this.values.keys();
    if (this.values.size > this.most && oldest !== undefined) this.values.delete(oldest);
  }

  get(name: string): T | null {
    const found = this.values.get(name);
    return found && found.endsMs > Date.now() ? found.value : null;
  }

  delete(name: string): void {
    this.values.delete(name);
  }
}
