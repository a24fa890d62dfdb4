import { signIntake } from '@sluice/signing';
import type { DemoAccount } from '@sluice/stack';
import { Pool } from 'undici';

const PATH = '/v1/withdrawals';
const CONNECTIONS = 512;

export interface Posted {
  readonly status: number;
  readonly withdrawalId: number | null;
  readonly message: string;
}

/** Sends signed withdrawals over kept connections, as a busy product team would. */
export class SignedPoster {
  private readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  }

  async post(key: DemoAccount, body: object): Promise<Posted> {
    const text = JSON.stringify(body);
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = signIntake(key.secret, {
      timestamp,
      method: 'POST',
      path: PATH,
      query: '',
      body: text,
    });
    const response = await this.pool.request({
      method: 'POST',
      path: PATH,
      headers: {
        'content-type': 'application/json',
        'x-cpg-key': key.key_id,
        'x-cpg-timestamp': timestamp,
        'x-cpg-signature': signature,
      },
      body: text,
    });
    const answer = (await response.body.json()) as {
      message: string;
      data?: { withdrawal_id?: number };
    };
    return {
      status: response.statusCode,
      withdrawalId: answer.data?.withdrawal_id ?? null,
      message: answer.message,
    };
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
