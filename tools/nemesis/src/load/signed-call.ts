import { signIntake } from '@sluice/signing';
import type { IntakeKey } from '@sluice/stack';
import { Pool } from 'undici';
import { fieldsOf, parsed, rowsOf, textOf, type Fields } from '../system/json.js';

/** Response of the gateway. An `undefined` status means no response; the message is the cause. */
export interface Answer {
  readonly status: number | undefined;
  readonly message: string;
  readonly data: Fields;
  /** Rows of `data`, if `data` is a list. */
  readonly rows: readonly Fields[];
}

/** A request as sent over the wire, for replay by an eavesdropper. */
export interface Signed {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends signed requests to an instance of the gateway. */
export class SignedCaller {
  private readonly pools: readonly Pool[];
  private signed = 0;

  constructor(
    urls: readonly string[],
    private readonly key: IntakeKey,
  ) {
    this.pools = urls.map(
      (url) => new Pool(url, { connections: 60, pipelining: 1, connectTimeout: 2_000 }),
    );
  }

  sign(method: string, path: string, body = ''): Signed {
    // Equal requests within the same second have equal signatures. Each request gets a distinct
    // second within the 300 s window.
    const timestamp = String(Math.floor(Date.now() / 1000) + ((this.signed++ % 240) - 120));
    const signature = signIntake(this.key.secret, { timestamp, method, path, query: '', body });
    const content: Record<string, string> =
      body === '' ? {} : { 'content-type': 'application/json' };
    return {
      method,
      path,
      body,
      headers: {
        ...content,
        'x-cpg-key': this.key.key_id,
        'x-cpg-timestamp': timestamp,
        'x-cpg-signature': signature,
      },
    };
  }

  async send(
    instance: number,
    { method, path, headers, body }: Signed,
    patienceMs: number,
  ): Promise<Answer> {
    const pool = this.pools[instance % this.pools.length];
    if (!pool) throw new Error('no instance of intake-api is running');
    try {
      const response = await pool.request({
        method,
        path,
        headers,
        ...(body !== '' && { body }),
        signal: AbortSignal.timeout(patienceMs),
      });
      const envelope = fieldsOf(parsed(await response.body.text()));
      return {
        status: response.statusCode,
        message: textOf(envelope['message']),
        data: fieldsOf(envelope['data']),
        rows: rowsOf(envelope['data']),
      };
    } catch (error) {
      return {
        status: undefined,
        message: error instanceof Error ? error.message || error.name : String(error),
        data: {},
        rows: [],
      };
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.destroy()));
  }
}
