import { Body, Injectable, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Address } from 'viem';
import { type ChainSettings, type Fees, mostGasCost, quoteFees } from '@sluice/evm';
import {
  AdminController,
  Answers,
  KeepsOwnRecord,
  Refuses,
  Requires,
  TransferTrialDto,
  TryTransferDto,
} from '@sluice/http-api';
import { Amount } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import {
  type Chain,
  nativeOf,
  type PayableAsset,
  type TransferTrial,
  unitsOfAmount,
} from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import {
  type ChainFunds,
  chooseLane,
  freeLanes,
  type LaneFunds,
  USUAL_GAS,
} from '../lanes/nonce-leases.js';
import { WalletFunds } from '../lanes/wallet-funds.js';
import { recipientOf } from '../sending/wanted-transfer.js';

const FRESH_MS = 250;

interface AskedTransfer {
  readonly accountId: string;
  readonly asset: string;
  readonly toAddress: string;
  readonly amount: string;
}

/** `unknown` proves no fact: the trial before the lease of a nonce decides. */
type AskedTrial =
  | { readonly kind: 'works' }
  | { readonly kind: 'refused'; readonly reason: string; readonly message: string }
  | { readonly kind: 'unknown'; readonly message: string };

interface TriedTransfer {
  readonly paid: PayableAsset;
  readonly to: Address;
  readonly amount: bigint;
}

/** Simulates transfers before an order exists. Nothing is reserved, leased or signed. */
@Injectable()
export class TransferTrials {
  private readonly last = new Map<
    string,
    { readonly lanes: Promise<LaneFunds[]>; readonly atMs: number }
  >();

  constructor(
    private readonly chains: WalletChains,
    private readonly funds: WalletFunds,
    private readonly database: Database,
  ) {}

  async of(asked: AskedTransfer): Promise<AskedTrial> {
    const paid = [...this.chains.assets.values()].find(({ asset }) => asset === asked.asset);
    if (paid === undefined) return unknown(`the wallet does not pay ${asked.asset}`);
    const chain = this.chains.of(paid.network);
    const transfer = transferOf(asked, paid, chain.settings);
    if (transfer === null) return unknown('its recipient or amount is none of this chain');
    const [head, funds] = await Promise.all([
      chain.recentHead(),
      this.funds.recent(chain.settings.network),
    ]);
    if (head === null || funds === null)
      return unknown('no node of the chain gives a trustworthy answer');
    const quote = quoteFees(head, chain.settings.fees);
    if (quote.kind === 'above_cap') return unknown(quote.cause);
    const choice = chooseLane(await this.recentLanes(chain.settings, funds), {
      accountId: asked.accountId,
      asset: paid.asset,
      amount: transfer.amount,
      native: nativeOf(chain.settings).asset,
      gas: mostGasCost(USUAL_GAS, quote.fees),
    });
    if (choice.kind === 'none') return unknown(choice.cause);
    return answerOf(await tryFrom(chain, choice.lane.address, transfer, quote.fees));
  }

  /** Free funds shortly before: a trial reserves none, and the lease of a nonce reads them again. */
  private recentLanes(settings: ChainSettings, funds: ChainFunds): Promise<LaneFunds[]> {
    const { network } = settings;
    const last = this.last.get(network);
    if (last && monotonicMs() - last.atMs < FRESH_MS) return last.lanes;
    const lanes = freeLanes(this.database, settings, funds);
    this.last.set(network, { lanes, atMs: monotonicMs() });
    void lanes.catch(() => this.last.delete(network));
    return lanes;
  }
}

function transferOf(
  { toAddress, amount }: AskedTransfer,
  paid: PayableAsset,
  settings: ChainSettings,
): TriedTransfer | null {
  const to = recipientOf({ type: 'address', address: toAddress }, settings);
  const units = unitsOfAmount(Amount.of(amount, paid.asset), paid);
  return to.ok && units !== null ? { paid, to: to.value, amount: units } : null;
}

function tryFrom(
  chain: Chain,
  from: Address,
  { paid, to, amount }: TriedTransfer,
  fees: Fees,
): Promise<TransferTrial> {
  const { chainId } = chain.settings;
  return chain.tryTransfer({ chainId, from, to, token: paid.token, amount }, fees);
}

function answerOf(trial: TransferTrial): AskedTrial {
  switch (trial.kind) {
    case 'works':
      return { kind: 'works' };
    case 'refused':
      return { kind: 'refused', reason: trial.reason, message: trial.message };
    case 'short':
      return unknown('the address that would pay has too little');
    case 'unavailable':
      return unknown(trial.cause);
  }
}

function unknown(message: string): AskedTrial {
  return { kind: 'unknown', message };
}

const LONGEST_MESSAGE = 1_000;

/** Answers intake-api before a hold is placed: whether the wallet would make a transfer. */
@AdminController('transfers')
export class TransferTrialsController {
  constructor(private readonly trials: TransferTrials) {}

  /** A trial changes no data, therefore the audit log records only refused callers. */
  @Post('trial')
  @Requires('service:intake-api')
  @KeepsOwnRecord()
  @ApiOperation({ summary: 'Whether a transfer would be made now, within the limit of its gas' })
  @Answers(TransferTrialDto)
  @Refuses()
  async tryTransfer(@Body() asked: TryTransferDto): Promise<TransferTrialDto> {
    const trial = await this.trials.of({
      accountId: asked.account_id,
      asset: asked.asset,
      toAddress: asked.to_address,
      amount: asked.amount,
    });
    return {
      outcome: trial.kind,
      reason: trial.kind === 'refused' ? trial.reason : null,
      message: trial.kind === 'works' ? null : trial.message.slice(0, LONGEST_MESSAGE),
    };
  }
}
