import { Injectable } from '@nestjs/common';
import { monotonicMs } from '@sluice/runtime';
import { WalletChains } from '../chain/wallet-chains.js';
import type { PayableAsset } from '../chain/payable-assets.js';
import type { Address } from 'viem';
import { reportCoins, startGasMetrics } from './gas-metrics.js';
import type { ChainFunds } from './nonce-leases.js';

const FRESH_MS = 1_000;

interface ReadFunds {
  readonly funds: Promise<ChainFunds | null>;
  readonly atMs: number;
}

/** Balances of our addresses, always at the same block for a whole network. */
@Injectable()
export class WalletFunds {
  private readonly last = new Map<string, ReadFunds>();

  constructor(private readonly chains: WalletChains) {
    for (const { settings } of chains.all) startGasMetrics(settings);
  }

  /**
   * Balances of the last second; null if no node is trustworthy. An address with an unreadable
   * balance is missing.
   */
  recent(network: string): Promise<ChainFunds | null> {
    const last = this.last.get(network);
    if (last && monotonicMs() - last.atMs < FRESH_MS) return last.funds;
    const read = { funds: this.read(network), atMs: monotonicMs() };
    this.last.set(network, read);
    return read.funds;
  }

  async read(network: string): Promise<ChainFunds | null> {
    const chain = this.chains.of(network);
    const head = await chain.recentHead();
    if (head === null) return null;
    const assets = [...this.chains.assets.values()].filter((one) => one.network === network);
    const tokens = assets.flatMap(({ token }) => (token === null ? [] : [token]));
    const balances = await Promise.all(
      chain.settings.wallets.map(async (wallet) => {
        const { address } = wallet;
        const answer = await chain.balances(address, tokens, head.number);
        if (answer === null) return [];
        reportCoins(wallet, network, answer.native);
        const own = assets.map((one) => [one.asset, balanceOf(one, answer)] as const);
        return [[address, new Map(own)] as const];
      }),
    );
    return { at: head.number, byAddress: new Map(balances.flat()) };
  }
}

function balanceOf(
  { token }: PayableAsset,
  { native, tokens }: { native: bigint; tokens: ReadonlyMap<Address, bigint> },
): bigint {
  return token === null ? native : (tokens.get(token) ?? 0n);
}
