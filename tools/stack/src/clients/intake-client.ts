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

/** Calls the public REST API as a product team would, each request signed with its key. */
export class IntakeClient {
  private lastTimestamp = 0;

  constructor(
    private readonly url: string,
    private readonly key: IntakeKey,
  ) {}

  async call(
    method: string,
    path: string,
    { query = '', body, wait }: IntakeRequestOptions = {},
  ): Promise<IntakeAnswer> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const timestamp = `${this.nextTimestamp()}`;
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

  /** Whole seconds, and a signature counts once: two equal calls in one second need two timestamps (the window is 300 s wide). */
  private nextTimestamp(): number {
    this.lastTimestamp = Math.max(Math.floor(Date.now() / 1000), this.lastTimestamp + 1);
    return this.lastTimestamp;
  }
}
