import { type Asset, assetOf, currencyOf, hasBuiltInCeiling } from '@sluice/kernel';
import { isSameAddress, NATIVE_DECIMALS, type ChainSettings, type Wallet } from '@sluice/evm';
import type { Address } from 'viem';
import { capOf, hasCoinCaps, type Cap, type Spending } from './caps.js';

/** An asset payable on a chain: the chain's own coin or a token. */
export interface SignableAsset {
  readonly asset: Asset;
  readonly token: Address | null;
  readonly decimals: number;
  /** Value of a unit in EUR; null if the settings state no value. */
  readonly unitWorthEur: string | null;
}

/**
 * Highest reserved address: built-in contracts of the protocol and burn addresses are at most this
 * number.
 */
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

  /** Categories and assets counted for this chain's transactions. */
  spendings(): readonly (readonly [Spending, Asset])[] {
    const { asset: coin } = this.native;
    const payments = [...this.assets.keys()].map((asset) => ['payment', asset as Asset] as const);
    return [...payments, ['gas', coin], ['top_up', coin]];
  }

  /** Cap of an asset of this chain; null if undefined. */
  capOf(spending: Spending, asset: Asset): Cap | null {
    return capOf(spending, asset, this.payable(asset)?.unitWorthEur ?? null);
  }

  /**
   * Configured assets without a cap: no release names the asset, and the settings state no value.
   */
  uncapped(): readonly string[] {
    return this.spendings()
      .filter(([spending, asset]) => this.capOf(spending, asset) === null)
      .map(([spending, asset]) => `${spending} of ${asset}`);
  }

  /**
   * Assets with a configured value although a release defines all caps of the asset. The setting
   * would have no effect and is rejected to avoid a wrong impression.
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

/** Chains of the settings by network. */
export function signingChains(
  settings: readonly ChainSettings[],
): ReadonlyMap<string, SigningChain> {
  return new Map(settings.map((one) => [one.network, new SigningChain(one)]));
}
