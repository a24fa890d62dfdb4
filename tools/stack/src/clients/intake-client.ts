import { randomInt } from 'node:crypto';
import { signIntake } from '@sluice/signing';

export interface IntakeKey {
  readonly key_id: string;
  readonly secret: string;
}

export interface IntakeAnswer {
  readonly status: number;
  readonly message: string;
  /** `data` of the envelope; of the caller's choosing, for this is a tool and the API has its own tests. */
  readonly data: unknown;
}

interface IntakeRequestOptions {
  readonly query?: string;
  readonly body?: object;
  /** Seconds to wait for the venue's answer (`Prefer: wait=N`). */
  readonly wait?: number;
}

/**
 * Maximum shift of timestamps in seconds. The API accepts 300 s in both directions; the difference
 * is reserved for clock errors.
 */
const SPREAD_S = 150;
const USED = 'Request signature has already been used';
const ATTEMPTS = 5;

/**
 * Client of the public REST API, like the client of a product team: each request is signed with the
 * key.
 */
export class IntakeClient {
  constructor(
    private readonly url: string,
    private readonly key: IntakeKey,
  ) {}

  /**
   * Sends a request. If another client of the same key already used the signature, the request was
   * not accepted. The call signs again with another timestamp, with at most 5 attempts.
   */
  async call(
    method: string,
    path: string,
    options: IntakeRequestOptions = {},
  ): Promise<IntakeAnswer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send(method, path, options);
      if (attempt === ATTEMPTS || answer.status !== 401 || answer.message !== USED) return answer;
    }
  }

  private async send(
    method: string,
    path: string,
    { query = '', body, wait }: IntakeRequestOptions,
  ): Promise<IntakeAnswer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const timestamp = `${drawTimestamp()}`;
    const signature = signIntake(this.key.secret, { timestamp, method, path, query, body: text });
    const response = await fetch(`${this.url}${path}${query === '' ? '' : `?${query}`}`, {
      method,
      headers: {
        'X-CPG-Key': this.key.key_id,
        'X-CPG-Timestamp': timestamp,
        'X-CPG-Signature': signature,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(wait !== undefined && { prefer: `wait=${wait}` }),
      },
      ...(body !== undefined && { body: text }),
      signal: AbortSignal.timeout(45_000),
    });
    const envelope = (await response.json()) as { message?: string; data?: unknown };
    return { status: response.status, message: envelope.message ?? '', data: envelope.data };
  }
}

/**
 * Returns a random timestamp in Unix seconds: equal requests of two clients with the same key need
 * different timestamps.
 */
function drawTimestamp(): number {
  return Math.floor(Date.now() / 1_000) + randomInt(-SPREAD_S, SPREAD_S + 1);
}
