import { Injectable } from '@nestjs/common';
import type {
  AwaitedDto,
  BalancesQuery,
  FundLedgerAccountDto,
  LedgerBalanceDto,
  LedgerFundingDto,
  SignerDto,
} from '@sluice/admin-api';
import { AdminError, LedgerAdmin, type AdminTarget } from '@sluice/admin-client';
import { ServiceCredential } from '@sluice/callers';
import { ApiError } from '@sluice/http-api';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import { beginCall } from '@sluice/tracing';
import type { IntakeConfig } from '../config.js';

const WITHIN_MS = 4_000;

/** The ledger could not be asked, or could not answer. */
export class LedgerAwayError extends Error {
  override readonly name = 'LedgerAwayError';
}

/** What intake-api asks the ledger. Balances live there alone; nobody keeps a copy. Throws LedgerAwayError when it cannot be asked. */
@Injectable()
export class LedgerClient {
  private readonly target: Omit<AdminTarget, 'token'>;
  private readonly ledger: LedgerAdmin;

  constructor(
    @InjectConfig()
    {
      ledgerUrl,
      serviceKey,
      internalCaFile,
    }: Pick<IntakeConfig, 'ledgerUrl' | 'serviceKey' | 'internalCaFile'>,
    @InjectPlatform() { name, clock }: Pick<Platform, 'name' | 'clock'>,
  ) {
    this.target = {
      service: 'ledger',
      baseUrl: ledgerUrl,
      timeoutMs: WITHIN_MS,
      beginSpan: (method, url) =>
        beginCall(`${method} ledger`, { 'http.request.method': method, 'url.full': url }),
      ...(internalCaFile !== null && { caFile: internalCaFile }),
    };
    const credential = new ServiceCredential(name, 'ledger', serviceKey, () => clock.now());
    this.ledger = new LedgerAdmin({ ...this.target, token: () => credential.token() });
  }

  balances(accountId: string, query: BalancesQuery = {}): Promise<readonly LedgerBalanceDto[]> {
    return answered(this.ledger.balances(accountId, query).catch(ownFault));
  }

  /** Whose signature the account's orders need; nobody's where there are none. */
  signers(accountId: string): Promise<readonly SignerDto[]> {
    return answered(this.ledger.signers(accountId).catch(ownFault));
  }

  /** Credits money that came from outside, in the name of the person with this token: this service itself may not. What the ledger refuses is refused with its own status and sentence. */
  async fund(
    accountId: string,
    funding: FundLedgerAccountDto,
    token: string,
  ): Promise<LedgerFundingDto | AwaitedDto> {
    const ledger = new LedgerAdmin({ ...this.target, token: () => token });
    try {
      return await answered(ledger.fund(accountId, funding));
    } catch (error) {
      if (!(error instanceof AdminError) || error.status === null) throw error;
      throw new ApiError(error.status, error.failure.message);
    }
  }
}

/** That the ledger does not know this service is no fault of whoever asks it. */
function ownFault(error: unknown): never {
  if (error instanceof AdminError && (error.status === 401 || error.status === 403))
    throw new LedgerAwayError(`the ledger refuses this service: ${error.message}`, {
      cause: error,
    });
  throw error;
}

async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof AdminError) || error.failure.kind === 'refused') throw error;
    throw new LedgerAwayError(error.message, { cause: error });
  }
}
