import { Injectable } from '@nestjs/common';
import { Amount, type Asset } from '@sluice/kernel';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { rowsJson, type Tx } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { eurWorth } from '../ceilings/ceilings.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import type { BreakKind, BreakToOpen } from './open-breaks.js';

/** Breaks about a payment of a known order: evidence against an asset at the venue, at first. */
const OF_AN_ORDER: ReadonlySet<BreakKind> = new Set([
  'other_amount',
  'other_recipient',
  'paid_twice',
  'paid_after_absent',
  'contrary_after_end',
]);

/** Number of open breaks of a day that halts the venue: three are no accident of one asset. */
const VENUE_HALT_FROM_BREAKS = 3;

interface HaltLimits {
  readonly venueHaltFromEur: number;
}

interface OrderRow {
  subject: string;
  asset: Asset;
  gross: string;
  others: readonly { asset: Asset; gross: string }[];
}

/** Chooses a halt's width: the order's asset, or the venue from a number or value of breaks a day. */
@Injectable()
export class HaltWidth {
  constructor(
    @InjectCapabilities() private readonly venue: Pick<VenueCapabilities, 'added'>,
    @InjectConfig() private readonly limits: HaltLimits,
  ) {}

  async of(tx: Tx, breaks: readonly BreakToOpen[]): Promise<BreakToOpen[]> {
    const wanted = breaks.filter(({ kind, asset }) => OF_AN_ORDER.has(kind) && asset === undefined);
    if (wanted.length === 0) return [...breaks];
    const rows = await tx.query<OrderRow>(ORDERS, [
      rowsJson(
        wanted.map(({ kind, subject, withdrawalId }) => ({
          kind,
          subject,
          withdrawal_id: withdrawalId ?? null,
        })),
      ),
      [...OF_AN_ORDER],
    ]);
    const narrow = new Map(
      rows
        .filter((row) => this.isNarrow(row, wanted))
        .map(({ subject, asset }) => [subject, asset]),
    );
    return breaks.map((one) => {
      const asset = narrow.get(one.subject);
      return asset === undefined || !wanted.includes(one) ? one : { ...one, asset };
    });
  }

  /** An order of an asset without a price reaches the limit at once: its loss is not known. */
  private isNarrow({ asset, gross, others }: OrderRow, wanted: readonly BreakToOpen[]): boolean {
    const { venueHaltFromEur } = this.limits;
    if (others.length + wanted.length >= VENUE_HALT_FROM_BREAKS) return false;
    let sum = Amount.zero('EUR.-');
    for (const one of [{ asset, gross }, ...others]) {
      const worth = eurWorth(this.venue, Amount.of(one.gross, one.asset));
      if (worth === null) return false;
      sum = sum.plus(worth);
    }
    return sum.lessThan(Amount.of(String(venueHaltFromEur), 'EUR.-'));
  }
}

/** The order of each break, and the orders of the other open breaks of the last day. */
const ORDERS = `
  WITH given AS (SELECT * FROM json_to_recordset($1::json) AS g(kind text, subject text, withdrawal_id uuid))
  SELECT g.subject, s.asset, coalesce(s.gross, s.amount)::text AS gross,
         coalesce((SELECT json_agg(json_build_object('asset', o.asset, 'gross', coalesce(o.gross, o.amount)::text))
                     FROM break b JOIN submission o USING (withdrawal_id)
                    WHERE b.kind = ANY ($2) AND b.closed_at IS NULL AND b.opened_at > clock_timestamp() - interval '1 day'
                      AND b.withdrawal_id <> g.withdrawal_id), '[]') AS others
    FROM given g JOIN submission s USING (withdrawal_id)`;
