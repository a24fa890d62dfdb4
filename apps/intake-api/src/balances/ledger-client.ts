import { Injectable } from '@nestjs/common';
import { InjectConfig } from '@sluice/service-shell';
import { request } from 'undici';
import type { IntakeConfig } from '../config.js';

/** One balance as the ledger reports it; amounts as decimal text. */
export interface LedgerBalance {
  readonly currency: string;
  readonly network: string;
  readonly posted: string;
  readonly held: string;
  readonly available: string;
}

export interface LedgerAnswer {
  readonly status: number;
  readonly body: { success: boolean; message: string; data?: unknown };
}

/** All of it: connecting, waiting for the answer, reading it. */
const WITHIN_MS = 4_000;

/** The ledger could not be asked, or could not answer. */
export class LedgerAwayError extends Error {
  override readonly name = 'LedgerAwayError';
}

/** Client of the ledger's admin API. Balances live there alone; nobody keeps a copy. */
@Injectable()
export class LedgerClient {
  constructor(
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'ledgerUrl' | 'internalToken'>,
  ) {}

  /** Throws LedgerAwayError when the ledger cannot be asked. */
  async balances(
    accountId: string,
    filter: { currency?: string; network?: string } = {},
  ): Promise<LedgerBalance[]> {
    const query = new URLSearchParams(filter).toString();
    const { status, body } = await this.call(
      'GET',
      `/internal/accounts/${accountId}/balances${query ? `?${query}` : ''}`,
    );
    if (status !== 200) throw new Error(`ledger answered ${status}: ${body.message}`);
    return body.data as LedgerBalance[];
  }

  /** Credits money that came from outside. The answer is the ledger's own, refusals included. */
  fund(
    accountId: string,
    funding: { asset: string; amount: string; reference: string },
  ): Promise<LedgerAnswer> {
    return this.call('POST', `/internal/accounts/${accountId}/fundings`, funding);
  }

  private async call(method: 'GET' | 'POST', path: string, body?: object): Promise<LedgerAnswer> {
    const answer = await this.ask(method, path, body).catch((cause: unknown) => {
      throw new LedgerAwayError('the ledger cannot be asked', { cause });
    });
    if (answer.status >= 500)
      throw new LedgerAwayError(`the ledger answered ${answer.status}: ${answer.body.message}`);
    return answer;
  }

  private async ask(method: 'GET' | 'POST', path: string, body?: object): Promise<LedgerAnswer> {
    const response = await request(`${this.config.ledgerUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.config.internalToken.reveal()}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
    return {
      status: response.statusCode,
      body: (await response.body.json()) as LedgerAnswer['body'],
    };
  }
}
