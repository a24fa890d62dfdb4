import { Injectable } from '@nestjs/common';
import { MOST_COMPARED, type FoundHoldDto } from '@sluice/http-api';
import type { SignedRequest } from '@sluice/messages';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { LedgerClient } from '../other-services/ledger-client.js';
import { idAt, timeOfId } from '../rows/id-time.js';

const MOST_PAGES = 200;
/** Younger withdrawals may still be on their way to the ledger. */
const OLD_ENOUGH_MS = 60_000;

/** Withdrawal without a record in intake-api, with a hold in the ledger or a sealed command for it. */
export interface LostWithdrawal {
  readonly id: string;
  readonly accountId: string;
  /** Venue with the hold; null if the ledger has lost the hold too. */
  readonly venue: string | null;
  readonly digest: string;
  /** Reference at venues, derived from the client's reference; null without one. */
  readonly reference: string | null;
  /** Request signed by the customer, as in the command for the hold; null if not known. */
  readonly signedRequest: SignedRequest | null;
  /** Proof of the customer's request, as in the command for the hold; null if not known. */
  readonly requestProof: string | null;
}

/**
 * Finds holds of the ledger without a withdrawal: lost in a restore, because the withdrawal is
 * committed before its hold is requested. Each hold is compared once, a minute after the request.
 */
@Injectable()
export class LostWithdrawals {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: LedgerClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Compares the holds now due. Throws while the ledger is unavailable. */
  async find(signal?: AbortSignal): Promise<void> {
    await this.resolve();
    const before = idAt(this.database.clock.now().getTime() - OLD_ENOUGH_MS);
    for (let page = 0; page < MOST_PAGES && !signal?.aborted; page++) {
      const [place] = await this.database.query<{ id: string }>(COMPARED_TO, []);
      if (!place || place.id >= before) return;
      const holds = await this.ledger.foundHolds({ after: place.id, before });
      const isLast = holds.length < MOST_COMPARED;
      const to = isLast ? before : (holds.at(-1)?.withdrawal_id ?? before);
      const lost = await this.unitOfWork.run(async (tx) => {
        await tx.query(COMPARE_FROM, [to]);
        return this.keep(tx, holds);
      });
      if (lost > 0)
        this.logger.error(
          { lost },
          'the ledger has holds of withdrawals that are not on record: this database was restored to an earlier state',
        );
      if (isLast) return;
    }
  }

  /** Returns lost withdrawals found within the last 15 minutes and still missing. */
  async open(signal?: AbortSignal): Promise<readonly LostWithdrawal[]> {
    const rows = await this.database.query<{ id: string }>(OPEN_AND_RECENT, [MOST_COMPARED]);
    const [oldest, newest] = [rows[0], rows.at(-1)];
    return oldest && newest
      ? this.askedAgain(new Set(rows.map(({ id }) => id)), [oldest.id, newest.id], signal)
      : [];
  }

  /** Asks the ledger for the current holds: rows of this database are no base for a seal. */
  private async askedAgain(
    wanted: ReadonlySet<string>,
    [oldest, newest]: readonly [string, string],
    signal?: AbortSignal,
  ): Promise<readonly LostWithdrawal[]> {
    const found: LostWithdrawal[] = [];
    const before = idAt(timeOfId(newest) + 1);
    let after = idAt(timeOfId(oldest) - 1);
    for (let page = 0; page < MOST_PAGES && !signal?.aborted; page++) {
      const holds = await this.ledger.foundHolds({ after, before });
      found.push(...holds.filter(({ withdrawal_id: id }) => wanted.has(id)).flatMap(lostOf));
      if (holds.length < MOST_COMPARED) break;
      after = holds.at(-1)?.withdrawal_id ?? before;
    }
    return found;
  }

  async resolve(): Promise<void> {
    await this.database.query(RESOLVE, []);
  }

  private async keep(tx: Tx, holds: readonly FoundHoldDto[]): Promise<number> {
    if (holds.length === 0) return 0;
    const kept = await tx.query(KEEP, [
      holds.map(({ withdrawal_id: id }) => id),
      holds.map(({ account_id: id }) => id),
      holds.map(({ asset }) => asset),
      holds.map(({ amount }) => amount),
      holds.map(({ state }) => state),
      holds.map(({ placed_at: at }) => at),
    ]);
    return kept.length;
  }
}

function lostOf({
  withdrawal_id: id,
  account_id: accountId,
  venue,
  digest,
  reference,
}: FoundHoldDto): LostWithdrawal[] {
  return venue === null || digest === null
    ? []
    : [{ id, accountId, venue, digest, reference, signedRequest: null, requestProof: null }];
}

const COMPARED_TO = 'SELECT holds_compared_to AS id FROM ledger_comparison';

const COMPARE_FROM =
  'UPDATE ledger_comparison SET holds_compared_to = greatest(holds_compared_to, $1::uuid)';

const KEEP = `
  INSERT INTO lost_withdrawal AS l (withdrawal_id, account_id, asset, amount, state, placed_at)
  SELECT h.* FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::text[], $6::timestamptz[])
                    AS h (id, account_id, asset, amount, state, placed_at)
   WHERE NOT EXISTS (SELECT FROM withdrawal w WHERE w.id = h.id) AND NOT EXISTS (SELECT FROM archived_withdrawal r WHERE r.id = h.id)
  ON CONFLICT (withdrawal_id) DO UPDATE SET resolved_at = NULL, found_at = clock_timestamp() WHERE l.resolved_at IS NOT NULL
  RETURNING withdrawal_id`;

const OPEN_AND_RECENT = `
  SELECT withdrawal_id AS id FROM lost_withdrawal
   WHERE resolved_at IS NULL AND found_at > clock_timestamp() - interval '15 minutes' ORDER BY withdrawal_id LIMIT $1`;

const RESOLVE = `
  UPDATE lost_withdrawal l SET resolved_at = clock_timestamp()
   WHERE l.resolved_at IS NULL AND EXISTS (SELECT FROM withdrawal w WHERE w.id = l.withdrawal_id)`;
