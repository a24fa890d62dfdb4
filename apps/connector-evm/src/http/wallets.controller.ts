import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  type AwaitedDto,
  type Caller,
  CallerOf,
  MayAwait,
  Refuses,
  ReadOften,
  Requires,
  ResumeWalletDto,
  ROLES,
  WalletDto,
  WalletParams,
} from '@sluice/http-api';
import { NATIVE_DECIMALS, textOf } from '@sluice/evm';
import type { Asset } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import type { Address } from 'viem';
import { WalletChains } from '../chain/wallet-chains.js';
import { WALLETS } from '../lanes/lanes.js';
import type { ChainFunds } from '../lanes/nonce-leases.js';
import { ResumeWallet } from '../lanes/resume-wallet.js';
import { WalletFunds } from '../lanes/wallet-funds.js';

interface WalletRow {
  readonly network: string;
  readonly address: Address;
  readonly purpose: 'hot' | 'tank';
  readonly account_id: string | null;
  readonly next_nonce: string;
  readonly paused_because: string | null;
  readonly waiting: number;
  readonly unconfirmed: number;
  /** Amounts under way by asset, in the smallest units; gas in the native coin. */
  readonly under_way: Readonly<Record<string, string>>;
  readonly gas_under_way: string;
  readonly head_number: string | null;
  readonly looked_at: Date | null;
}

/** Shows operators the wallet's balances and pending payments. */
@AdminController('wallets')
export class WalletsController {
  constructor(
    private readonly database: Database,
    private readonly chains: WalletChains,
    private readonly funds: WalletFunds,
    private readonly resuming: ResumeWallet,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({ summary: 'The addresses that are paid from, with what they have' })
  @AnswersList(WalletDto)
  async wallets(): Promise<WalletDto[]> {
    const rows = await this.database.query<WalletRow>(WALLETS, []);
    const networks = this.chains.all.map(({ settings }) => settings.network);
    const funds = new Map(
      await Promise.all(
        networks.map(async (network) => [network, await this.funds.recent(network)] as const),
      ),
    );
    return rows.map((row) => this.shown(row, funds.get(row.network) ?? null));
  }

  /** Effective after a second person confirms. */
  @Post(':network/:address/resume')
  @Requires('operate', 'approve')
  @ApiOperation({ summary: 'Resumes a paused address; requires two people' })
  @Answers(WalletDto)
  @MayAwait()
  @Refuses({
    404: 'the address is no wallet address on this network',
    409: 'the address is not paused, or has transactions without a record that are not final yet',
    503: 'no node can be believed at the moment',
  })
  async resumeWallet(
    @Param() wallet: WalletParams,
    @Body() resume: ResumeWalletDto,
    @CallerOf() caller: Caller,
  ): Promise<WalletDto | Accepted<AwaitedDto>> {
    const resumed = await this.resuming.run(wallet, resume, caller);
    return acceptedWhenAwaited(
      'approval_id' in resumed ? resumed : await this.one(wallet.network, resumed.address),
    );
  }

  private async one(network: string, address: Address): Promise<WalletDto> {
    const wallets = await this.wallets();
    const found = wallets.find((one) => one.network === network && one.address === address);
    if (found === undefined) throw new Error('an address that was resumed is not there');
    return found;
  }

  private shown(row: WalletRow, funds: ChainFunds | null): WalletDto {
    const own = funds?.byAddress.get(row.address) ?? new Map<Asset, bigint>();
    return {
      network: row.network,
      address: row.address,
      purpose: row.purpose,
      account_id: row.account_id,
      next_nonce: row.next_nonce,
      waiting: row.waiting,
      unconfirmed: row.unconfirmed,
      paused_because: row.paused_because,
      head: row.head_number === null ? null : Number(row.head_number),
      looked_at: row.looked_at?.toISOString() ?? null,
      funds: [...own].map(([asset, units]) => this.fundsOf(row, asset, units)),
    };
  }

  private fundsOf(row: WalletRow, asset: Asset, units: bigint) {
    const paid = this.chains.assets.get(asset);
    const decimals = paid?.decimals ?? NATIVE_DECIMALS;
    const gas = paid?.token === null ? BigInt(row.gas_under_way) : 0n;
    const underWay = BigInt(row.under_way[asset] ?? 0) + gas;
    return {
      asset,
      balance: textOf(units, decimals),
      under_way: textOf(underWay, decimals),
    };
  }
}
