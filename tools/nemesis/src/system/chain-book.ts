import { transfersOf, type ChainControl } from '@sluice/test-servers/evm';
import { Amount, type Asset } from '@sluice/kernel';
import type { ChainNetwork } from '@sluice/stack';
import { getAddress, type Address, type Hex } from 'viem';
import type { Payment } from './simulators.js';

const COIN: Readonly<Record<ChainNetwork, string>> = { ETH: 'ETH', BSC: 'BNB' };
const COIN_DECIMALS = 18;
const TOKEN_DECIMALS: Readonly<Record<ChainNetwork, number>> = { ETH: 6, BSC: 18 };
/** Deeper than any injected reorganisation and than the loss of a killed node. */
const SETTLED_BLOCKS = 24n;

interface Ours {
  readonly wallet: { readonly hot: readonly Address[]; readonly tank: Address };
  /** Addresses of tokens, by their currency. */
  readonly tokens: Readonly<Record<string, string>>;
}

/**
 * A chain as the book of the wallet's payments: an independent witness, because our processes can
 * only write to the chain by transactions.
 */
export class ChainBook {
  /** Payments by block; two readers at a time store the same. */
  private readonly settled = new Map<bigint, readonly Payment[]>();
  private readFrom = 0n;
  /** Nonces by transaction hash; a reorganisation does not change them. */
  private readonly nonces = new Map<Hex, number>();
  private readonly hot: ReadonlySet<string>;
  private readonly ours: ReadonlySet<string>;

  constructor(
    private readonly chain: ChainControl,
    private readonly network: ChainNetwork,
    private readonly known: Ours,
  ) {
    const { hot, tank } = known.wallet;
    this.hot = new Set(hot.map(lower));
    this.ours = new Set([...hot, tank].map(lower));
  }

  /** Payments of the wallet to others. */
  async payments(): Promise<readonly Payment[]> {
    const all = [...(await this.coins()), ...(await this.transfers())];
    return all.filter(({ destination }) => !this.ours.has(lower(destination)));
  }

  private async coins(): Promise<readonly Payment[]> {
    const head = await this.chain.head();
    const recent: Payment[] = [];
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

  private async coinsIn(blockNumber: bigint): Promise<readonly Payment[]> {
    const { transactions, timestamp } = await this.chain.client.getBlock({
      blockNumber,
      includeTransactions: true,
    });
    return transactions.flatMap(({ hash, from, nonce, to, value }) => {
      if (!this.hot.has(lower(from)) || to === null || value === 0n) return [];
      const place = this.placeOf(from, nonce);
      return [
        this.payment({ hash, place }, COIN[this.network], to, value, COIN_DECIMALS, timestamp),
      ];
    });
  }

  private async transfers(): Promise<readonly Payment[]> {
    const lists = Object.entries(this.known.tokens).flatMap(([currency, token]) =>
      this.known.wallet.hot.map(async (from) =>
        Promise.all(
          (await transfersOf(this.chain, token as Address, from)).map(
            async ({ hash, to, value }) => {
              const place = this.placeOf(from, await this.nonceOf(hash));
              return this.payment(
                { hash, place },
                currency,
                to,
                value,
                TOKEN_DECIMALS[this.network],
              );
            },
          ),
        ),
      ),
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
    { hash: id, place: venueReference }: { readonly hash: Hex; readonly place: string },
    currency: string,
    destination: string,
    units: bigint,
    decimals: number,
    timestamp?: bigint,
  ): Payment {
    const asset: Asset = `${currency}.${this.network}`;
    return {
      id,
      venueReference,
      currency,
      destination,
      network: this.network,
      clientId: null,
      memo: null,
      netAmount: Amount.of(decimal(units, decimals), asset).toString(),
      status: 'mined',
      createdAt: timestamp === undefined ? '' : new Date(Number(timestamp) * 1_000).toISOString(),
    };
  }
}

/** Units as exact decimal text, computed without division. */
function decimal(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function lower(address: string): string {
  return address.toLowerCase();
}
