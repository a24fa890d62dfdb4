import { Body, Get, Inject, Injectable, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
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
import { type Asset, assetOf, currencyOf, hasBuiltInCeiling, networkOf } from '@sluice/kernel';
import { Database, type Tx, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { Ceilings } from '../ceilings/ceilings.js';
import {
  addedAssets,
  ASSET_NAMES,
  type AssetNames,
  AssetRefresh,
  type StoredAsset,
  VenueAssets,
} from './venue-assets.js';

const SET = 'set asset';

/** Adds or deactivates an asset of this connector after approval by a second person. */
@Injectable()
export class SetAsset {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly assets: VenueAssets,
    private readonly refresh: AssetRefresh,
    @Inject(ASSET_NAMES) private readonly names: AssetNames | null,
  ) {
    approvals.register(SET, (_target, request, caller) =>
      this.run(request as SetVenueAssetDto, caller),
    );
  }

  async run(given: SetVenueAssetDto, caller: Caller): Promise<StoredAsset | AwaitedDto> {
    const order = { ...given, after_version: given.after_version ?? null };
    const set = await this.unitOfWork.run((tx) => this.record(tx, order, caller));
    await this.refresh.look();
    return set;
  }

  private async record(
    tx: Tx,
    order: SetVenueAssetDto,
    caller: Caller,
  ): Promise<StoredAsset | AwaitedDto> {
    const asset = assetOf(order.currency, order.network);
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('venue assets', 0))`); // names are compared over all of them
    const added = await addedAssets(tx);
    const newest = added.find((one) => one.asset === asset) ?? null;
    if (newest !== null && isRepeat(order, newest)) return newest;
    this.refuse(order, asset, newest, added);
    const demand = { action: SET, target: asset, request: order };
    const awaited = await this.approvals.askAsAdministrator(tx, demand, caller);
    if (awaited) return awaited;
    const { requestedBy, approvedBy } = await this.approvals.approve(tx, demand, caller);
    await tx.query(
      `INSERT INTO venue_asset (asset, version, code, active, unit_worth_eur, requested_by, approved_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        asset,
        (newest?.version ?? 0) + 1,
        order.code,
        order.active,
        order.unit_worth_eur,
        requestedBy,
        approvedBy,
      ],
    );
    const stored = (await addedAssets(tx)).find((one) => one.asset === asset);
    if (stored === undefined) throw new Error('an asset that was added is not there');
    return stored;
  }

  /** Throws for an invalid order, or for an order in conflict with the stored assets. */
  private refuse(
    order: SetVenueAssetDto,
    asset: Asset,
    newest: StoredAsset | null,
    added: readonly StoredAsset[],
  ): void {
    const { venue, forms } = this.assets.builtIn;
    if (this.names === null) throw ApiError.conflict(`What ${venue} pays takes a release`);
    if (forms.some((form) => form.assets.includes(asset)))
      throw ApiError.conflict(`${asset} is built in`);
    if ((newest?.version ?? null) !== order.after_version) throw outdated(newest);
    if (newest !== null && newest.code !== order.code)
      throw ApiError.conflict(`The name of ${asset} is ${newest.code} here, and never changes`);
    const fault = this.names.codeFault({ asset, code: order.code }, added);
    if (fault !== null) throw ApiError.conflict(fault);
    const isNamed = hasBuiltInCeiling(order.currency);
    if (isNamed === (order.unit_worth_eur === null)) return;
    throw ApiError.invalid([
      isNamed
        ? `unit_worth_eur: Input should be null: a release has the ceiling of ${order.currency}`
        : `unit_worth_eur: Field required: no release has a ceiling of ${order.currency}`,
    ]);
  }
}

function outdated(newest: StoredAsset | null): ApiError {
  const now = newest === null ? 'there is none' : `the newest version is ${newest.version}`;
  return ApiError.conflict(`Nothing was set: this is not the asset that was read: ${now}`);
}

/** The answer to this very order was lost. */
function isRepeat(order: SetVenueAssetDto, newest: StoredAsset): boolean {
  return (
    newest.version === (order.after_version ?? 0) + 1 &&
    newest.code === order.code &&
    newest.active === order.active &&
    newest.unitWorthEur === order.unit_worth_eur
  );
}

/** The assets of this connector, with their venue names and their ceilings. */
@AdminController('assets')
export class AssetsController {
  constructor(
    private readonly database: Database,
    private readonly store: VenueAssets,
    private readonly ceilings: Ceilings,
    private readonly refresh: AssetRefresh,
    private readonly setting: SetAsset,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Built-in assets and assets added later' })
  @AnswersList(VenueAssetDto)
  async assets(): Promise<VenueAssetDto[]> {
    await this.refresh.look();
    const builtIn = new Set(this.store.builtIn.forms.flatMap(({ assets }) => assets));
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
  async setAsset(
    @Body() order: SetVenueAssetDto,
    @CallerOf() caller: Caller,
  ): Promise<VenueAssetDto | Accepted<AwaitedDto>> {
    const set = await this.setting.run(order, caller);
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
