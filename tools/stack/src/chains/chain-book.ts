import { Amount, type Asset } from '@sluice/kernel';
import type { SimulatedPayment } from '@sluice/test-kit';
import { ChainControl, transfersOf } from '@sluice/test-servers/evm';
import { formatUnits, getAddress, type Address, type Hex } from 'viem';
import type { RunningChain } from '../layout/run-file.js';
import { LOCAL_CHAINS, type ChainNetwork } from '../tables/local-chains.js';

/** Payment in a book outside the gateway: of a simulated venue, or of a chain. */
export interface BookPayment extends SimulatedPayment {
  /** Reference of the payment at our connector, if the book has another id (default: `id`). */
  readonly venue_reference?: string;
  /** Network of the payment, if the book is a chain. */
  readonly network?: string;
  readonly created_at?: string;
}

const COIN_DECIMALS = 18;
/** Deeper than any injected reorganisation and than the loss of a killed node. */
const SETTLED_BLOCKS = 24n;

/**
 * A chain as the book of the wallet's payments: an independent witness, because our processes can
 * only write to the chain by transactions.
 */
export class ChainBook {
  readonly chain: ChainControl;
  readonly hotWallets: readonly Address[];
  /** Payments by block; two readers at a time store the same. */
  private readonly settled = new Map<bigint, readonly BookPayment[]>();
  private readFrom = 0n;
  /** Nonces by transaction hash; a reorganisation does not change them. */
  private readonly nonces = new Map<Hex, number>();
  private readonly hot: ReadonlySet<string>;
  private readonly ours: ReadonlySet<string>;

  constructor(
    readonly network: ChainNetwork,
    private readonly running: RunningChain,
  ) {
    this.chain = new ChainControl(running.rpc_url, running.chain_id);
    this.hotWallets = running.hot_wallets as readonly Address[];
    this.hot = new Set(running.hot_wallets.map(lower));
    this.ours = new Set([...running.hot_wallets, running.tank].map(lower));
  }

  /** Payments of the wallet to others. */
  async payments(): Promise<BookPayment[]> {
    const all = [...(await this.coins()), ...(await this.transfers())];
    return all.filter(({ destination }) => !this.ours.has(lower(destination)));
  }

  private async coins(): Promise<readonly BookPayment[]> {
    const head = await this.chain.head();
    const recent: BookPayment[] = [];
    for (let number = this.readFrom; number <= head; number += 1n) {
      const found = await this.coinsIn(number);
      if (number > head - SETTLED_BLOCKS) recent.push(...found);
      else {
        this.settled.set(number, found);
        this.readFrom = number + 1n;
      }
    }
    return [...[...this.settled.values()].flat(), ...recent];
  }

  private async coinsIn(blockNumber: bigint): Promise<readonly BookPayment[]> {
    const block = { blockNumber, includeTransactions: true } as const;
    const { transactions, timestamp } = await this.chain.client.getBlock(block);
    const created_at = new Date(Number(timestamp) * 1_000).toISOString();
    const { native } = LOCAL_CHAINS[this.network];
    return transactions.flatMap(({ hash, from, nonce, to, value }) => {
      if (!this.hot.has(lower(from)) || to === null || value === 0n) return [];
      const amount = formatUnits(value, COIN_DECIMALS);
      return [{ ...this.payment(hash, this.placeOf(from, nonce), native, to, amount), created_at }];
    });
  }

  private async transfers(): Promise<readonly BookPayment[]> {
    const { decimals } = LOCAL_CHAINS[this.network].token;
    const lists = Object.entries(this.running.tokens).flatMap(([currency, token]) =>
      this.hotWallets.map(async (from) => {
        const transfers = await transfersOf(this.chain, token as Address, from);
        return Promise.all(
          transfers.map(async ({ hash, to, value }) => {
            const place = this.placeOf(from, await this.nonceOf(hash));
            return this.payment(hash, place, currency, to, formatUnits(value, decimals));
          }),
        );
      }),
    );
    return (await Promise.all(lists)).flat();
  }

  private async nonceOf(hash: Hex): Promise<number> {
    const known = this.nonces.get(hash);
    if (known !== undefined) return known;
    const { nonce } = await this.chain.client.getTransaction({ hash });
    this.nonces.set(hash, nonce);
    return nonce;
  }

  /** The reference that connector-evm gives a payment. */
  private placeOf(from: Address, nonce: number): string {
    return `${this.network}:${getAddress(from)}:${nonce}`;
  }

  private payment(
    id: Hex,
    venue_reference: string,
    currency: string,
    destination: string,
    units: string,
  ): BookPayment {
    const asset: Asset = `${currency}.${this.network}`;
    const amount = Amount.of(units, asset).toString();
    const { network } = this;
    return {
      id,
      venue_reference,
      client_id: null,
      memo: null,
      status: 'mined',
      chain: network,
      network,
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
