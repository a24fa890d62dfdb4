import { Body, Get, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  type AwaitedDto,
  type Caller,
  CallerOf,
  MayAwait,
  Refuses,
  Requires,
  ROLES,
  SetVenueAssetDto,
  VenueAssetDto,
} from '@sluice/http-api';
import { currencyOf, networkOf, type Asset } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { Ceilings } from '../ceilings/ceilings.js';
import { AssetRefresh } from './asset-refresh.js';
import { SetAsset } from './set-asset.js';
import { addedAssets, type StoredAsset } from './stored-asset.js';
import { VenueAssets } from './venue-assets.js';

/** The assets of this connector, with their venue names and their ceilings. */
@AdminController('assets')
export class AssetsController {
  constructor(
    private readonly database: Database,
    private readonly assets: VenueAssets,
    private readonly ceilings: Ceilings,
    private readonly refresh: AssetRefresh,
    private readonly setAsset: SetAsset,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Built-in assets and assets added later' })
  @AnswersList(VenueAssetDto)
  async list(): Promise<VenueAssetDto[]> {
    await this.refresh.look();
    const builtIn = new Set(this.assets.builtIn.forms.flatMap(({ assets }) => assets));
    const added = await addedAssets(this.database);
    return [
      ...[...builtIn].map((asset) => this.shown(asset, null)),
      ...added.map((one) => this.shown(one.asset, one)),
    ];
  }

  @Post()
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'Adds an asset to the payable assets of this connector, or removes it. Requires two people',
  })
  @Answers(VenueAssetDto)
  @MayAwait()
  @Refuses({
    409: 'the asset is built in, its name here differs, the venue needs a release, other versions were recorded meanwhile, or the same person repeated the request',
    422: 'the ceiling is missing, or given for an asset whose ceiling a release defines',
  })
  async set(
    @Body() order: SetVenueAssetDto,
    @CallerOf() caller: Caller,
  ): Promise<VenueAssetDto | Accepted<AwaitedDto>> {
    const set = await this.setAsset.run(order, caller);
    return acceptedWhenAwaited('approval_id' in set ? set : this.shown(set.asset, set));
  }

  private shown(asset: Asset, added: StoredAsset | null): VenueAssetDto {
    const ceiling = this.ceilings.byAsset[asset];
    return {
      currency: currencyOf(asset),
      network: networkOf(asset),
      built_in: added === null,
      code: added?.code ?? null,
      active: added?.active ?? true,
      unit_worth_eur: added?.unitWorthEur ?? null,
      most_by_call: ceiling?.call ?? null,
      most_by_hour: ceiling?.hour ?? null,
      most_by_day: ceiling?.day ?? null,
      version: added?.version ?? 0,
      recorded_at: added?.recordedAt.toISOString() ?? null,
      requested_by: added?.requestedBy ?? null,
      approved_by: added?.approvedBy ?? null,
    };
  }
}
