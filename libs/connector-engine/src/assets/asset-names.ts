import type { AddedAsset } from '@sluice/connector-rules';

/** The venue's naming rules for assets added at run time. */
export interface AssetNames {
  /**
   * Reason why the venue cannot use this name for the asset beside the existing names; null if the
   * name is possible.
   */
  codeFault(asset: Pick<AddedAsset, 'asset' | 'code'>, added: readonly AddedAsset[]): string | null;
}

/** Injection token of `AssetNames`; null if the venue's assets change only with a release. */
export const ASSET_NAMES = Symbol('AssetNames');
