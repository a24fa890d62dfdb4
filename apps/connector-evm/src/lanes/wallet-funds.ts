import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';
import { type Address, formatEther } from 'viem';
import type { ChainSettings } from '@sluice/evm';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import { InjectLogger, type Logger, startAtZero } from '@sluice/service-shell';
import type { Chain, PayableAsset } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
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

  /** Balances of the last second; null without a trusted node. Unreadable addresses are missing. */
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

const EVERY_MS = 60_000;
const AGAIN_MS = 5_000;
/** Prefix of a delegation, with the address of the code (EIP-7702). */
const SHOWN = 50;

const hasCode = new Gauge({
  name: 'sluice_wallet_foreign_code',
  help: '1 while an address of ours has code on the chain: Sluice signs none, so another party used the key',
  labelNames: ['network', 'address', 'purpose'],
});

/** Looks every minute for code at our addresses. An address of a key has none until the key signs a delegation. */
@Injectable()
export class WalletCode {
  readonly loops: readonly BackgroundLoop[];
  private readonly reported = new Map<string, string>();

  constructor(
    chains: WalletChains,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loops = chains.all.map(
      (chain) =>
        new BackgroundLoop(`code of wallets on ${chain.settings.network}`, logger, () =>
          this.look(chain),
        ),
    );
  }

  private async look(chain: Chain): Promise<number> {
    const { network, wallets } = chain.settings;
    const codes = (await chain.recentHead()) === null ? null : await chain.codes();
    if (codes === null) return AGAIN_MS;
    for (const { address, purpose } of wallets) {
      const code = codes.get(address);
      if (code === undefined) continue;
      hasCode.set({ network, address, purpose }, code === '0x' ? 0 : 1);
      const place = `${network} ${address}`;
      if (code !== '0x' && this.reported.get(place) !== code)
        this.logger.error(
          { network, address, purpose, code: code.slice(0, SHOWN) },
          'a wallet address has code: another party used the key, and an operator must check it',
        );
      this.reported.set(place, code);
    }
    return EVERY_MS;
  }
}

const coins = new Gauge({
  name: 'sluice_wallet_coins',
  help: 'Balance of our address in the native coin of its chain, which pays gas, as of the newest node answer',
  labelNames: ['network', 'address', 'purpose'],
});
const spent = new Counter({
  name: 'sluice_wallet_gas_coins_total',
  help: 'Coins that final transactions of our addresses spent as gas, as counted by this process',
  labelNames: ['network'],
});
const leastPerDay = new Gauge({
  name: 'sluice_wallet_gas_least_per_day',
  help: 'Coins that count as the gas of one day where less was spent: upTo of the top-ups, or a default',
  labelNames: ['network'],
});

/** Gas of one day, in coins, of a chain without top-ups and without use. */
const DEFAULT_PER_DAY = 0.05;

export function startGasMetrics({
  network,
  topUps,
}: Pick<ChainSettings, 'network' | 'topUps'>): void {
  startAtZero(spent, { network: [network] });
  leastPerDay.set({ network }, topUps === undefined ? DEFAULT_PER_DAY : Number(topUps.upTo));
}

/** Counts the gas of a final transaction, for the alert only. */
export function countGas(network: string, wei: bigint): void {
  spent.inc({ network }, Number(formatEther(wei)));
}

/** Reports the gas balance of an address. For dashboards and alerts only; no decision depends on the value. */
function reportCoins(
  { address, purpose }: { readonly address: string; readonly purpose: string },
  network: string,
  wei: bigint,
): void {
  coins.set({ network, address, purpose }, Number(formatEther(wei)));
}
