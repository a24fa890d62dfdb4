import { NATIVE_DECIMALS, textOf, unitsOf, type ChainSettings } from '@sluice/evm';
import { Amount, assetOf, type Asset } from '@sluice/kernel';
import type { Address } from 'viem';

/** An asset in the chain's terms. */
export interface PayableAsset {
  readonly asset: Asset;
  readonly network: string;
  readonly chainId: number;
  /** Contract of the token; null for the chain's native coin. */
  readonly token: Address | null;
  readonly decimals: number;
  /** Value of a unit in EUR; null if not configured. */
  readonly unitWorthEur: string | null;
}

export function payableAssets(chains: readonly ChainSettings[]): ReadonlyMap<Asset, PayableAsset> {
  return new Map(
    chains.flatMap((chain) => [nativeOf(chain), ...tokensOf(chain)]).map((one) => [one.asset, one]),
  );
}

export function nativeOf({ network, chainId, native }: ChainSettings): PayableAsset {
  const asset = assetOf(native.currency, network);
  const unitWorthEur = native.unitWorthEur ?? null;
  return { asset, network, chainId, token: null, decimals: NATIVE_DECIMALS, unitWorthEur };
}

/**
 * Converts an amount to the smallest units; null if the amount has too many decimals, or is zero or
 * negative.
 */
export function unitsOfAmount(amount: Amount, { decimals }: PayableAsset): bigint | null {
  const units = unitsOf(amount.toString(), decimals);
  return units === null || units <= 0n ? null : units;
}

export function amountOfUnits(units: bigint, { asset, decimals }: PayableAsset): Amount {
  return Amount.of(textOf(units, decimals), asset);
}

function tokensOf({ network, chainId, tokens }: ChainSettings): PayableAsset[] {
  return tokens.map(({ currency, address, decimals, unitWorthEur }) => ({
    asset: assetOf(currency, network),
    network,
    chainId,
    token: address,
    decimals,
    unitWorthEur: unitWorthEur ?? null,
  }));
}
