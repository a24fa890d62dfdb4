import { isSameAddress, NATIVE_DECIMALS, type ChainSettings } from '@sluice/evm';
import { assetOf, type Asset } from '@sluice/kernel';
import type { Address } from 'viem';

/** An asset at one of our addresses. */
interface WatchedCoins {
  readonly address: Address;
  readonly asset: Asset;
  /** Contract of the token; null for the chain's coin. */
  readonly token: Address | null;
  readonly decimals: number;
}

/** Each asset of the chain's settings at each address of ours. */
export function watchedCoins({
  network,
  native,
  tokens,
  wallets,
}: ChainSettings): readonly WatchedCoins[] {
  const coin = {
    asset: assetOf(native.currency, network),
    token: null,
    decimals: NATIVE_DECIMALS,
  };
  const others = tokens.map(({ currency, address: token, decimals }) => ({
    asset: assetOf(currency, network),
    token,
    decimals,
  }));
  return wallets.flatMap(({ address }) => [coin, ...others].map((one) => ({ address, ...one })));
}

/** The address of ours in the spelling of the settings; undefined for a stranger. */
export function ourAddress({ wallets }: ChainSettings, address: Address): Address | undefined {
  return wallets.find((one) => isSameAddress(one.address, address))?.address;
}
