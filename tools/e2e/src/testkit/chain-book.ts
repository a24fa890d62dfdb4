import { ChainControl, transfersOf } from '@sluice/test-servers/evm';
import { Amount, type Asset } from '@sluice/kernel';
import type { RunFile } from '@sluice/stack';
import type { SimulatedPayment } from '@sluice/test-kit';
import { formatUnits, type Address } from 'viem';

type Chains = NonNullable<RunFile['chains']>;
export type Network = keyof Chains;

const COIN: Readonly<Record<Network, string>> = { ETH: 'ETH', BSC: 'BNB' };
const DECIMALS: Readonly<Record<string, number>> = { 'USDT.ETH': 6, 'USDT.BSC': 18 };
const COIN_DECIMALS = 18;

/** Chain as the book of wallet payments: our services can change the chain only by payments. */
export class ChainBook {
  readonly chain: ChainControl;
  private readonly running: Chains[Network];

  constructor(
    chains: Chains,
    readonly network: Network,
  ) {
    this.running = chains[network];
    this.chain = new ChainControl(this.running.rpc_url, this.running.chain_id);
  }

  get hotWallets(): readonly Address[] {
    return this.running.hot_wallets as Address[];
  }

  /** Returns the wallet's payments to outside addresses, in the format of a simulator's book. */
  async payments(): Promise<SimulatedPayment[]> {
    const ours = new Set([...this.hotWallets, this.running.tank].map(lower));
    const all = await Promise.all(
      this.hotWallets.map(async (from) => [
        ...(await this.coins(from)),
        ...(await this.tokens(from)),
      ]),
    );
    return all.flat().filter(({ destination }) => !ours.has(lower(destination)));
  }

  private async coins(from: Address): Promise<readonly SimulatedPayment[]> {
    const mined = await this.chain.minedBy(from);
    return mined
      .filter(({ value, to }) => value > 0n && to !== null)
      .map(({ hash, to, value }) => this.payment(hash, COIN[this.network], to ?? from, value));
  }

  private async tokens(from: Address): Promise<readonly SimulatedPayment[]> {
    const all = await Promise.all(
      Object.entries(this.running.tokens).map(async ([currency, token]) => {
        const transfers = await transfersOf(this.chain, token as Address, from);
        return transfers.map(({ hash, to, value }) => this.payment(hash, currency, to, value));
      }),
    );
    return all.flat();
  }

  private payment(
    hash: string,
    currency: string,
    destination: string,
    units: bigint,
  ): SimulatedPayment {
    const asset: Asset = `${currency}.${this.network}`;
    const amount = Amount.of(
      formatUnits(units, DECIMALS[asset] ?? COIN_DECIMALS),
      asset,
    ).toString();
    return {
      id: hash,
      client_id: null,
      memo: null,
      status: 'mined',
      chain: this.network,
      currency,
      destination,
      amount,
      net_amount: amount,
    };
  }
}

function lower(address: string): string {
  return address.toLowerCase();
}
