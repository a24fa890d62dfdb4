import { hasBuiltInCeiling } from '@sluice/ceilings';
import { isSameAddress, NATIVE_DECIMALS, type ChainSettings, type Wallet } from '@sluice/evm';
import { assetOf, currencyOf, type Asset } from '@sluice/money';
import type { Address } from 'viem';
import { capOf, hasCoinCaps, type Cap, type Spending } from './caps.js';

/** What is paid on a chain: its own coin, or a token of it. */
export interface PayableAsset {
  readonly asset: Asset;
  readonly token: Address | null;
  readonly decimals: number;
  /** What one unit is worth in EUR; null where the settings do not state it. */
  readonly unitWorthEur: string | null;
}

/** Contracts that the protocol itself has, and what people write for nobody: numbers as small as this. */
const MOST_RESERVED = 0xffffn;

/** A chain as the signer's own settings have it; what the connector believes of it counts for nothing here. */
export class SigningChain {
  readonly native: PayableAsset;
  private readonly assets: ReadonlyMap<string, PayableAsset>;

  constructor(readonly settings: ChainSettings) {
    const { network, native, tokens } = settings;
    const payable = (
      { currency, unitWorthEur }: ChainSettings['native'],
      token: Address | null,
      decimals: number,
    ): PayableAsset => ({
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

  payable(asset: string): PayableAsset | null {
    return this.assets.get(asset) ?? null;
  }

  wallet(address: Address): Wallet | null {
    return this.settings.wallets.find((one) => isSameAddress(one.address, address)) ?? null;
  }

  /** Whether money that is sent there is lost or goes in a circle. */
  isNoRecipient(address: Address): boolean {
    const ours = [...this.settings.wallets, ...this.settings.tokens];
    return (
      BigInt(address) <= MOST_RESERVED || ours.some((one) => isSameAddress(one.address, address))
    );
  }

  /** What is counted of this chain's transactions. */
  spendings(): readonly (readonly [Spending, Asset])[] {
    const { asset: coin } = this.native;
    const payments = [...this.assets.keys()].map((asset) => ['payment', asset as Asset] as const);
    return [...payments, ['gas', coin], ['top_up', coin]];
  }

  /** The most that is signed of an asset of this chain; null where nothing says it. */
  capOf(spending: Spending, asset: Asset): Cap | null {
    return capOf(spending, asset, this.payable(asset)?.unitWorthEur ?? null);
  }

  /** What its settings name and has no cap: no release names one, and the settings do not state what it is worth. */
  uncapped(): readonly string[] {
    return this.spendings()
      .filter(([spending, asset]) => this.capOf(spending, asset) === null)
      .map(([spending, asset]) => `${spending} of ${asset}`);
  }

  /** Of what a worth is stated although a release names all its caps: nobody may believe that the setting changes them. */
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

/** Those of the settings, by network. */
export function signingChains(
  settings: readonly ChainSettings[],
): ReadonlyMap<string, SigningChain> {
  return new Map(settings.map((one) => [one.network, new SigningChain(one)]));
}
