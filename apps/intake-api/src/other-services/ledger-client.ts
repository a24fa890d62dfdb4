import { Injectable } from '@nestjs/common';
import type {
  AwaitedDto,
  BalancesQuery,
  CompareHoldsDto,
  FindHoldsDto,
  FoundHoldDto,
  FundLedgerAccountDto,
  HoldsComparedDto,
  LedgerBalanceDto,
  LedgerFundingDto,
  PolicyPreviewDto,
  PreviewPolicyDto,
  SentAgainDto,
  SignerDto,
  WithdrawalAgainDto,
} from '@sluice/http-api';
import { LedgerAdmin, type AdminTarget } from '@sluice/admin-client';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import {
  answered,
  answeredToUs,
  passingRefusalsOn,
  targetOf,
  type CallingConfig,
} from './asked-service.js';
import type { IntakeConfig } from '../settings/intake-settings.js';

/** Client of the ledger, which alone stores balances. Throws ServiceAwayError if unavailable. */
@Injectable()
export class LedgerClient {
  private readonly target: AdminTarget;
  private readonly ledger: LedgerAdmin;

  constructor(
    @InjectConfig() config: CallingConfig & Pick<IntakeConfig, 'ledgerUrl'>,
    @InjectPlatform() platform: Pick<Platform, 'name' | 'clock'>,
  ) {
    this.target = targetOf('ledger', config.ledgerUrl, config, platform);
    this.ledger = new LedgerAdmin(this.target);
  }

  balances(accountId: string, query: BalancesQuery = {}): Promise<readonly LedgerBalanceDto[]> {
    return answeredToUs(this.ledger.balances(accountId, query));
  }

  /** Returns the posted balances of a house account (for example `hot-wallet:ETH`) per asset. */
  async houseBalances(account: string): Promise<readonly LedgerBalanceDto[]> {
    const { balances } = await answeredToUs(this.ledger.houseBalances(account));
    return balances;
  }

  /** Returns the account's signers; empty if orders need no signature. */
  signers(accountId: string): Promise<readonly SignerDto[]> {
    return answeredToUs(this.ledger.signers(accountId));
  }

  previewPolicy(withdrawal: PreviewPolicyDto): Promise<PolicyPreviewDto> {
    return answeredToUs(this.ledger.previewPolicy(withdrawal));
  }

  foundHolds(range: FindHoldsDto): Promise<readonly FoundHoldDto[]> {
    return answeredToUs(this.ledger.findHolds(range));
  }

  compareHolds(comparison: CompareHoldsDto): Promise<HoldsComparedDto> {
    return answeredToUs(this.ledger.compareHolds(comparison));
  }

  /** Returns the reason of the book's halt; null if the book is not halted. */
  async bookHalt(): Promise<string | null> {
    const halts = await answeredToUs(this.ledger.bookHalts());
    return halts.find(({ lifted_at: liftedAt }) => liftedAt === null)?.reason ?? null;
  }

  /** Sends lost commands of these withdrawals, decided even while the book is halted. */
  sendAgain(withdrawals: readonly WithdrawalAgainDto[]): Promise<readonly SentAgainDto[]> {
    return answeredToUs(this.ledger.sendAgain({ withdrawals }));
  }

  /** Credits external money in the name of the person with this token; refusals are passed on. */
  fund(
    accountId: string,
    funding: FundLedgerAccountDto,
    token: string,
  ): Promise<LedgerFundingDto | AwaitedDto> {
    const ledger = new LedgerAdmin({ ...this.target, token: () => token });
    return passingRefusalsOn(answered(ledger.fund(accountId, funding)));
  }
}
