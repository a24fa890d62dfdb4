import { Injectable } from '@nestjs/common';
import type {
  BalancesQuery,
  FundLedgerAccountDto,
  LedgerBalanceDto,
  LedgerFundingDto,
} from '@sluice/admin-api';
import { AdminError, LedgerAdmin } from '@sluice/admin-client';
import { ApiError } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import type { IntakeConfig } from '../config.js';

const WITHIN_MS = 4_000;

/** The ledger could not be asked, or could not answer. */
export class LedgerAwayError extends Error {
  override readonly name = 'LedgerAwayError';
}

/** What intake-api asks the ledger. Balances live there alone; nobody keeps a copy. Throws LedgerAwayError when it cannot be asked. */
@Injectable()
export class LedgerClient {
  private readonly ledger: LedgerAdmin;

  constructor(
    @InjectConfig() { ledgerUrl, internalToken }: Pick<IntakeConfig, 'ledgerUrl' | 'internalToken'>,
  ) {
    this.ledger = new LedgerAdmin({
      service: 'ledger',
      baseUrl: ledgerUrl,
      token: internalToken.reveal(),
      timeoutMs: WITHIN_MS,
    });
  }

  balances(accountId: string, query: BalancesQuery = {}): Promise<readonly LedgerBalanceDto[]> {
    return answered(this.ledger.balances(accountId, query));
  }

  /** Credits money that came from outside. What the ledger refuses is refused with its own status and sentence. */
  async fund(accountId: string, funding: FundLedgerAccountDto): Promise<LedgerFundingDto> {
    try {
      return await answered(this.ledger.fund(accountId, funding));
    } catch (error) {
      if (!(error instanceof AdminError) || error.status === null) throw error;
      throw new ApiError(error.status, error.failure.message);
    }
  }
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof AdminError) || error.failure.kind === 'refused') throw error;
    throw new LedgerAwayError(error.message, { cause: error });
  }
}
