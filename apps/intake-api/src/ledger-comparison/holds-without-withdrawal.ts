import { Injectable } from '@nestjs/common';
import { MOST_COMPARED, type HoldDto } from '@sluice/admin-api';
import { Database } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { LedgerClient } from '../balances/ledger-client.js';

/** Pages of 500 holds in one run: more holds than that are compared in several runs. */
const PAGES_IN_RUN = 20;

/**
 * Finds placed holds of the ledger whose withdrawal is not on record here. intake-api commits a withdrawal before it asks for the hold, so
 * such a withdrawal was lost when this database was put back. The money stays held until the client repeats the request, and the
 * comparison names it until then.
 */
@Injectable()
export class HoldsWithoutWithdrawal {
  constructor(
    private readonly database: Database,
    private readonly ledger: LedgerClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Compares the next pages of placed holds, the newest first. Throws while the ledger is away. */
  async compare(signal?: AbortSignal): Promise<void> {
    await this.resolve();
    const [place] = await this.database.query<{ to: string | null }>(READ_TO, []);
    let cursor = place?.to ?? null;
    for (let page = 0; page < PAGES_IN_RUN && !signal?.aborted; page++) {
      const { items, next } = await this.ledger.placedHolds(cursor);
      await this.keep(items);
      cursor = next;
      await this.database.query(READ, [cursor]);
      if (cursor === null) return;
    }
  }

  private async keep(holds: readonly HoldDto[]): Promise<void> {
    if (holds.length === 0) return;
    const found = await this.database.query<{ withdrawal_id: string }>(KEEP, [
      holds.map(({ withdrawal_id: id }) => id),
      holds.map(({ account_id: id }) => id),
      holds.map(({ asset }) => asset),
      holds.map(({ amount }) => amount),
      holds.map(({ decided_at: at }) => at),
    ]);
    if (found.length > 0)
      this.logger.error(
        { withdrawals: found.slice(0, 20).map(({ withdrawal_id: id }) => id) },
        `the ledger holds money of ${found.length} withdrawals that are not on record: this database was put back`,
      );
  }

  /** Those whose withdrawal is on record again, and those whose hold has ended. */
  private async resolve(): Promise<void> {
    await this.database.query(RESOLVE_KNOWN, []);
    const open = await this.database.query<{ withdrawal_id: string }>(OPEN, [MOST_COMPARED]);
    if (open.length === 0) return;
    const withdrawals = open.map(({ withdrawal_id: id }) => id);
    const { holds } = await this.ledger.compareHolds({ heads: [], withdrawals });
    const placed = new Set(
      holds.filter(({ state }) => state === 'placed').map(({ withdrawal_id: id }) => id),
    );
    await this.database.query(RESOLVE, [withdrawals.filter((id) => !placed.has(id))]);
  }
}

const READ_TO = 'SELECT holds_read_to AS to FROM ledger_comparison';

const READ = 'UPDATE ledger_comparison SET holds_read_to = $1::uuid';

const KEEP = `
  INSERT INTO hold_without_withdrawal AS k (withdrawal_id, account_id, asset, amount, placed_at)
  SELECT h.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::timestamptz[]) AS h (id, account_id, asset, amount, placed_at)
   WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = h.id)
  ON CONFLICT (withdrawal_id) DO UPDATE SET resolved_at = NULL, found_at = clock_timestamp() WHERE k.resolved_at IS NOT NULL
  RETURNING withdrawal_id`;

const OPEN =
  'SELECT withdrawal_id FROM hold_without_withdrawal WHERE resolved_at IS NULL ORDER BY placed_at LIMIT $1';

const RESOLVE_KNOWN = `
  UPDATE hold_without_withdrawal k SET resolved_at = clock_timestamp()
   WHERE k.resolved_at IS NULL AND EXISTS (SELECT FROM withdrawal w WHERE w.id = k.withdrawal_id)`;

const RESOLVE = `
  UPDATE hold_without_withdrawal SET resolved_at = clock_timestamp()
   WHERE withdrawal_id = ANY ($1::uuid[]) AND resolved_at IS NULL`;
