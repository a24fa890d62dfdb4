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

export interface IntakeRequestOptions {
  readonly query?: string;
  readonly body?: object;
  /** Seconds to wait for the venue's answer (`Prefer: wait=N`). */
  readonly wait?: number;
}

/** The API takes 300 s on either side; the rest is left for clocks that differ. */
const SPREAD_S = 150;
const USED = 'Request signature has already been used';
const ATTEMPTS = 5;

/** Calls the public REST API as a product team would, each request signed with its key. */
export class IntakeClient {
  constructor(
    private readonly url: string,
    private readonly key: IntakeKey,
  ) {}

  /** A request whose signature another client of this key has used was not accepted: the call signs it again, with another timestamp. */
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

/** Unix seconds, drawn at random: equal requests of two clients that share a key need two timestamps. */
function drawTimestamp(): number {
  return Math.floor(Date.now() / 1_000) + randomInt(-SPREAD_S, SPREAD_S + 1);
}
