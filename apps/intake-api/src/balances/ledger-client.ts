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
  SentAgainDto,
  SignerDto,
  WithdrawalAgainDto,
} from '@sluice/admin-api';
import { LedgerAdmin, type AdminTarget } from '@sluice/admin-client';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import {
  answered,
  answeredToUs,
  passingRefusalsOn,
  targetOf,
  type CallingConfig,
} from '../asked-service.js';
import type { IntakeConfig } from '../config.js';

/** What intake-api asks the ledger. Balances live there alone; nobody keeps a copy. Throws ServiceAwayError when it cannot be asked. */
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

  /** What is posted to an account of the house, such as `hot-wallet:ETH`, of each asset. */
  async houseBalances(account: string): Promise<readonly LedgerBalanceDto[]> {
    const { balances } = await answeredToUs(this.ledger.houseBalances(account));
    return balances;
  }

  /** Whose signature the account's orders need; nobody's where there are none. */
  signers(accountId: string): Promise<readonly SignerDto[]> {
    return answeredToUs(this.ledger.signers(accountId));
  }

  /** Holds that are placed or captured, between two ids, in their order. */
  foundHolds(range: FindHoldsDto): Promise<readonly FoundHoldDto[]> {
    return answeredToUs(this.ledger.findHolds(range));
  }

  compareHolds(comparison: CompareHoldsDto): Promise<HoldsComparedDto> {
    return answeredToUs(this.ledger.compareHolds(comparison));
  }

  /** Gives back what the ledger had of these withdrawals; it is decided also while the book is halted. */
  sendAgain(withdrawals: readonly WithdrawalAgainDto[]): Promise<readonly SentAgainDto[]> {
    return answeredToUs(this.ledger.sendAgain({ withdrawals }));
  }

  /** Credits money that came from outside, in the name of the person with this token: this service itself may not. What the ledger refuses is refused with its own status and sentence. */
  fund(
    accountId: string,
    funding: FundLedgerAccountDto,
    token: string,
  ): Promise<LedgerFundingDto | AwaitedDto> {
    const ledger = new LedgerAdmin({ ...this.target, token: () => token });
    return passingRefusalsOn(answered(ledger.fund(accountId, funding)));
  }
}
