import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type PolicyPriceDto,
  type SetPolicyPriceDto,
} from '@sluice/http-api';
import { Amount } from '@sluice/kernel';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { Approvals, RecordSeals } from '@sluice/service-shell';
import { sealPrice, type PriceRow } from './policies.js';

const SET = 'set policy price';

/** Part of the highest price of a day that one person may state. */
const LOWEST_PERCENT = '80';

/**
 * States the reference price of an asset. A price below 80 % of the last day's highest, and a first
 * price, needs two people, because it loosens limits in EUR.
 */
@Injectable()
export class SetPrice {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly seals: RecordSeals,
  ) {
    approvals.register(SET, (_target, request, caller) =>
      this.carryOut(request as SetPolicyPriceDto, caller, true),
    );
  }

  run(price: SetPolicyPriceDto, caller: Caller): Promise<PolicyPriceDto | AwaitedDto> {
    return this.carryOut(price, caller, false);
  }

  async list(): Promise<PolicyPriceDto[]> {
    const rows = await this.database.query<PriceRow>(
      'SELECT DISTINCT ON (asset) asset, eur::text, at, requested_by, approved_by, seal FROM policy_price ORDER BY asset, at DESC',
    );
    return rows.map(priceView);
  }

  private carryOut(
    { asset, eur }: SetPolicyPriceDto,
    caller: Caller,
    isApproval: boolean,
  ): Promise<PolicyPriceDto | AwaitedDto> {
    if (caller.kind !== 'person') throw new ApiError(403, 'A person states a price');
    return this.unitOfWork.run(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('policy price ' || $1, 0))`, [
        asset,
      ]);
      if (!isApproval && (await isCloseToHighest(tx, asset, eur)))
        return this.insert(tx, { asset, eur, requestedBy: caller.name, approvedBy: null });
      const demand = { action: SET, target: asset, request: { asset, eur } };
      const awaited = await this.approvals.askAsAdministrator(tx, demand, caller);
      if (awaited) return awaited;
      return this.insert(tx, { asset, eur, ...(await this.approvals.approve(tx, demand, caller)) });
    });
  }

  private async insert(
    tx: Tx,
    price: { asset: string; eur: string; requestedBy: string; approvedBy: string | null },
  ): Promise<PolicyPriceDto> {
    const [now] = await tx.query<{ at: Date }>(
      `SELECT date_trunc('milliseconds', clock_timestamp()) AS at`,
    );
    if (!now) throw new Error('the database returned no time');
    const { asset, requestedBy: requested_by, approvedBy: approved_by } = price;
    const eur = Amount.of(price.eur, 'EUR.-').toString();
    const row = { asset, eur, at: now.at, requested_by, approved_by };
    await tx.query(
      'INSERT INTO policy_price (asset, eur, at, requested_by, approved_by, seal) VALUES ($1, $2, $3, $4, $5, $6)',
      [asset, eur, row.at.toISOString(), requested_by, approved_by, sealPrice(this.seals, row)],
    );
    return priceView(row);
  }
}

/** False without a price of the last day. */
async function isCloseToHighest(tx: Tx, asset: string, eur: string): Promise<boolean> {
  const [row] = await tx.query<{ highest: string | null }>(
    `SELECT max(eur)::text AS highest FROM policy_price WHERE asset = $1 AND at > clock_timestamp() - interval '1 day'`,
    [asset],
  );
  if (!row?.highest) return false;
  const least = Amount.of(row.highest, 'EUR.-').percent(LOWEST_PERCENT);
  return !Amount.of(eur, 'EUR.-').lessThan(least);
}

function priceView({
  asset,
  eur,
  at,
  requested_by,
  approved_by,
}: Omit<PriceRow, 'seal'>): PolicyPriceDto {
  return { asset, eur, at: at.toISOString(), requested_by, approved_by };
}
