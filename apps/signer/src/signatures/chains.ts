import { isSameAddress, NATIVE_DECIMALS, type ChainSettings, type Wallet } from '@sluice/evm';
import { assetOf, type Asset } from '@sluice/money';
import type { Address } from 'viem';
import { capOf, type Spending } from './caps.js';

/** What is paid on a chain: its own coin, or a token of it. */
export interface PayableAsset {
  readonly asset: Asset;
  readonly token: Address | null;
  readonly decimals: number;
}

/** Contracts that the protocol itself has, and what people write for nobody: numbers as small as this. */
const MOST_RESERVED = 0xffffn;

/** A chain as the signer's own settings have it; what the connector believes of it counts for nothing here. */
export class SigningChain {
  readonly native: PayableAsset;
  private readonly assets: ReadonlyMap<string, PayableAsset>;

  constructor(readonly settings: ChainSettings) {
    const { network, native, tokens } = settings;
    const payable = (currency: string, token: Address | null, decimals: number): PayableAsset => ({
      ...{ asset: assetOf(currency, network), token, decimals },
    });
    this.native = payable(native.currency, null, NATIVE_DECIMALS);
    const all = [
      this.native,
      ...tokens.map(({ currency, address, decimals }) => payable(currency, address, decimals)),
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

  /** What its settings name and no release has a cap for. */
  uncapped(): readonly string[] {
    return this.spendings()
      .filter(([spending, asset]) => capOf(spending, asset) === null)
      .map(([spending, asset]) => `${spending} of ${asset}`);
  }
}

/** Those of the settings, by network. */
export function signingChains(
  settings: readonly ChainSettings[],
): ReadonlyMap<string, SigningChain> {
  return new Map(settings.map((one) => [one.network, new SigningChain(one)]));
}
