import type { AddedAsset } from '@sluice/connector-rules';

/** How a venue names assets, for those that are added while its connector runs. */
export interface AssetNames {
  /** Why the venue cannot have this name for this asset beside those that it has; null when it can. */
  codeFault(asset: Pick<AddedAsset, 'asset' | 'code'>, added: readonly AddedAsset[]): string | null;
}

/** `AssetNames`, or null at a venue whose assets take a release. */
export const ASSET_NAMES = Symbol('AssetNames');
