import type { Address } from 'viem';
import {
  type ChainSettings,
  isSameAddress,
  NATIVE_DECIMALS,
  type NumberedTransfer,
  type Wallet,
} from '@sluice/evm';
import {
  type Amount,
  type Asset,
  assetOf,
  ceilingOf,
  currencyOf,
  hasBuiltInCeiling,
  unitsWorth,
} from '@sluice/kernel';
import type { SignatureKind } from '@sluice/signer-api';

export interface SignatureOrder {
  readonly kind: SignatureKind;
  readonly transfer: NumberedTransfer;
  /** Withdrawal of a payment; null for a void or a top-up. */
  readonly withdrawalId: string | null;
  /** Deadline of a first signature, by the database's clock; null for a void or a top-up. */
  readonly beginsBy: Date | null;
  /** Amount leaving the wallet; null for a void. */
  readonly amount: Amount | null;
  /** Maximum gas cost, in the chain's own coin. */
  readonly gasCost: Amount;
  /** Caps of the assets of the order's chain. */
  readonly caps: Pick<SigningChain, 'capOf'>;
  /** Transaction count of the sender before the signer's first signature. */
  readonly firstNonce: bigint;
}

export interface SignableAsset {
  readonly asset: Asset;
  readonly token: Address | null;
  readonly decimals: number;
  /** Value of a unit in EUR; null if the settings state no value. */
  readonly unitWorthEur: string | null;
}

/** Highest reserved address: built-in contracts and burn addresses. */
const MOST_RESERVED = 0xffffn;

/** A chain by the signer's own settings; the connector's view of the chain is not trusted. */
export class SigningChain {
  readonly native: SignableAsset;
  private readonly assets: ReadonlyMap<string, SignableAsset>;

  constructor(readonly settings: ChainSettings) {
    const { network, native, tokens } = settings;
    const payable = (
      { currency, unitWorthEur }: ChainSettings['native'],
      token: Address | null,
      decimals: number,
    ): SignableAsset => ({
      asset: assetOf(currency, network),
      token,
      decimals,
      unitWorthEur: unitWorthEur ?? null,
    });
    this.native = payable(native, null, NATIVE_DECIMALS);
    const all = [
      this.native,
      ...tokens.map((token) => payable(token, token.address, token.decimals)),
    ];
    this.assets = new Map(all.map((one) => [one.asset, one]));
  }

  payable(asset: string): SignableAsset | null {
    return this.assets.get(asset) ?? null;
  }

  wallet(address: Address): Wallet | null {
    return this.settings.wallets.find((one) => isSameAddress(one.address, address)) ?? null;
  }

  /** Returns true if money sent to the address would be lost or would return to our own wallets. */
  isNoRecipient(address: Address): boolean {
    const ours = [...this.settings.wallets, ...this.settings.tokens];
    return (
      BigInt(address) <= MOST_RESERVED || ours.some((one) => isSameAddress(one.address, address))
    );
  }

  spendings(): readonly (readonly [Spending, Asset])[] {
    const { asset: coin } = this.native;
    const payments = [...this.assets.keys()].map((asset) => ['payment', asset as Asset] as const);
    return [...payments, ['gas', coin], ['top_up', coin]];
  }

  /** Cap of an asset of this chain; null if undefined. */
  capOf(spending: Spending, asset: Asset): Cap | null {
    return capOf(spending, asset, this.payable(asset)?.unitWorthEur ?? null);
  }

  /** Assets without a cap: neither a release nor the settings state a value. */
  uncapped(): readonly string[] {
    return this.spendings()
      .filter(([spending, asset]) => this.capOf(spending, asset) === null)
      .map(([spending, asset]) => `${spending} of ${asset}`);
  }

  /**
   * Assets with a value although a release defines all their caps: rejected, because it has no
   * effect.
   */
  overstated(): readonly Asset[] {
    return [...this.assets.values()]
      .filter(({ unitWorthEur }) => unitWorthEur !== null)
      .map(({ asset }) => asset)
      .filter((asset) => {
        const currency = currencyOf(asset);
        const isCoin = asset === this.native.asset;
        return hasBuiltInCeiling(currency) && (!isCoin || hasCoinCaps(currency));
      });
  }
}

export function signingChains(
  settings: readonly ChainSettings[],
): ReadonlyMap<string, SigningChain> {
  return new Map(settings.map((one) => [one.network, new SigningChain(one)]));
}

/** Maximum of an asset per call, and per hour of the database clock. Decimal text. */
export interface Cap {
  readonly call: string;
  readonly hour: string;
}

/** Categories counted separately; gas is the highest cost of transactions. */
export type Spending = 'payment' | 'top_up' | 'gas';

type CoinCaps = Readonly<Record<'top_up' | 'gas', Cap>>;

/** Caps by the chain's own coin. Only a release changes the caps. */
const OF_COINS: Readonly<Record<string, CoinCaps>> = {
  ETH: { gas: { call: '0.25', hour: '20' }, top_up: { call: '1', hour: '5' } },
  BNB: { gas: { call: '0.5', hour: '40' }, top_up: { call: '2', hour: '10' } },
};

/** Caps in EUR for coins not named in any release: about a hundredth of the caps above. */
const OF_UNNAMED_COINS_EUR: CoinCaps = {
  gas: { call: '10', hour: '500' },
  top_up: { call: '50', hour: '250' },
};

/**
 * Cap of an asset in units, by the table of the ordering services; otherwise a small sum in EUR by
 * the settings' unit value. Null, with refused signatures, without a value.
 */
export function capOf(
  spending: Spending,
  asset: Asset,
  unitWorthEur: string | null = null,
): Cap | null {
  const currency = currencyOf(asset);
  if (spending === 'payment') return ceilingOf(currency, {}, unitWorthEur);
  if (hasCoinCaps(currency)) return OF_COINS[currency]?.[spending] ?? null;
  if (unitWorthEur === null) return null;
  const { call, hour } = OF_UNNAMED_COINS_EUR[spending];
  return { call: unitsWorth(call, unitWorthEur), hour: unitsWorth(hour, unitWorthEur) };
}

function hasCoinCaps(currency: string): boolean {
  return Object.hasOwn(OF_COINS, currency);
}
