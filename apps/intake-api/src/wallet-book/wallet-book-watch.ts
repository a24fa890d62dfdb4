import { Injectable } from '@nestjs/common';
import { Amount, type Asset, networkOf } from '@sluice/kernel';
import { type Message, NO_WITHDRAWAL, type WalletEventsTopic } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { Check, Health, InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import { WALLET } from '@sluice/withdrawal-core';
import { openCases } from '../cases/withdrawal-cases.js';
import { haltVenues } from '../halts/halt-venues.js';
import { ServiceAwayError } from '../other-services/asked-service.js';
import { LedgerClient } from '../other-services/ledger-client.js';
import { eventsOf, type VenueEvent, type VenueEventKeeper } from '../wire/venue-event.js';

const EVERY_MS = 10_000;
/** Longer than the interval: a stall of the machine is not a missed check. */
const CHECKED_EVERY_MS = 20_000;
/** Time until all transfers of a count are booked, gas included. */
const SETTLED_AFTER_MS = 15_000;
/** An order unanswered for this long was never sent: sent orders are reported within seconds. */
const UNANSWERED_MS = 300_000;
const TRIGGER = 'wallet_apart';

interface DueRow {
  readonly asset: Asset;
  readonly total: string;
  readonly block: string;
  readonly in_flight: string;
}

interface ComparedRow {
  readonly asset: Asset;
  readonly apart_since: string;
}

/**
 * Compares the ledger's accounts of our wallet with the chains, once per count of connector-evm.
 * Two successive counts below the book, beyond amounts in flight, open a case and halt the wallet.
 */
@Injectable()
export class WalletBookWatch extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: LedgerClient,
    @InjectLogger() private readonly logger: Logger,
    health: Health,
  ) {
    super();
    const check = health.watch(new Check({ name: 'wallet book', everyMs: CHECKED_EVERY_MS }));
    this.loop = BackgroundLoop.every(EVERY_MS, 'compare wallet and book', logger, async () => {
      try {
        await this.look(SETTLED_AFTER_MS);
        check.completed();
      } catch (error) {
        if (error instanceof ServiceAwayError) check.attempted();
        throw error;
      }
    });
  }

  /**
   * Compares counts older than `settledAfterMs`. Amounts in flight are read before the book: a
   * capture in between counts twice and causes no halt.
   */
  async look(settledAfterMs: number): Promise<void> {
    const due = await this.database.query<DueRow>(DUE, [settledAfterMs, WALLET, UNANSWERED_MS]);
    if (due.length === 0) return;
    const posted = await this.posted(new Set(due.map(({ asset }) => networkOf(asset))));
    const compared = due.map(({ asset, total, block, in_flight: inFlight }) => {
      const booked = posted.get(asset) ?? Amount.zero(asset);
      const missing = missingOf({
        asset,
        total: Amount.of(total, asset),
        posted: booked,
        inFlight: Amount.of(inFlight, asset),
      });
      return { asset, total, block, inFlight, booked, missing };
    });
    await this.unitOfWork.run(async (tx) => {
      const apart = await tx.query<ComparedRow>(COMPARED, [
        compared.map(({ asset }) => asset),
        compared.map(({ block }) => block),
        compared.map(({ missing }) => missing.isPositive()),
      ]);
      const faults = apart.flatMap(({ asset, apart_since: since }) => {
        const one = compared.find((found) => found.asset === asset);
        if (one === undefined) return [];
        const detail = `the wallet has ${one.total} ${asset} in block ${one.block}: ${one.booked.negated().toString()} is booked, ${one.inFlight} may be in flight, ${one.missing.toString()} is missing`;
        const subject = `${TRIGGER} ${asset} ${since}`;
        return [{ messageId: subject, subject, detail }];
      });
      const found = faults.map((fault) => ({
        ...fault,
        withdrawalId: NO_WITHDRAWAL,
        state: 'none',
        trigger: TRIGGER,
        venue: WALLET,
      }));
      const opened = new Set(await openCases(tx, found));
      await haltVenues(
        tx,
        found.filter((fault) => opened.has(fault)),
      );
      for (const { detail } of opened)
        this.logger.error(
          { detail },
          'the balances of the wallet on the chain and in the ledger differ: the wallet is halted',
        );
    });
  }

  /** Sum over both wallets of each network: a top-up does not change the sum. */
  private async posted(networks: ReadonlySet<string>): Promise<ReadonlyMap<string, Amount>> {
    const accounts = [...networks].flatMap((network) => [
      `hot-wallet:${network}`,
      `gas-tank:${network}`,
    ]);
    const answers = await Promise.all(accounts.map((one) => this.ledger.houseBalances(one)));
    const sums = new Map<string, Amount>();
    for (const { asset, posted } of answers.flat()) {
      const amount = Amount.of(posted, asset as Asset);
      sums.set(asset, sums.get(asset)?.plus(amount) ?? amount);
    }
    return sums;
  }
}

// Skips old counts. In flight is the amount, not the fee. Orders not sent are not in flight: they
// would hide
// an equal deficit. Withdrawals not yet listed as open are above `scanned_to`.
const DUE = `
  WITH due AS (
    SELECT asset, total, block FROM wallet_coin_total
     WHERE compared_in IS DISTINCT FROM block AND received_at <= clock_timestamp() - $1 * interval '1 millisecond' AND read_at > clock_timestamp() - interval '5 minutes'),
  open AS (
    SELECT id FROM open_withdrawal UNION SELECT w.id FROM withdrawal w, recovery r WHERE w.number > r.scanned_to),
  in_flight AS (
    SELECT w.currency || '.' || w.network AS asset, sum(w.amount) AS amount FROM open JOIN withdrawal w USING (id)
     WHERE EXISTS (SELECT FROM due) AND w.venue = $2 AND w.state NOT IN ('requested','awaiting_approval','releasing','cancelling','rejected','completed','failed','cancelled')
       AND (w.state <> 'submitting' OR w.updated_at > clock_timestamp() - $3 * interval '1 millisecond') GROUP BY 1)
  SELECT d.asset, d.total::text, d.block::text, coalesce(f.amount, 0)::text AS in_flight FROM due d LEFT JOIN in_flight f USING (asset)`;

// Assets with a deficit in this and the previous count, with the first block of the deficit.
const COMPARED = `
  WITH j AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[]) AS j (asset, block, apart)),
  before AS (
    SELECT c.asset, c.apart_since FROM wallet_coin_total c JOIN j USING (asset) WHERE c.compared_in IS DISTINCT FROM j.block ORDER BY c.asset FOR UPDATE OF c),
  written AS (
    UPDATE wallet_coin_total c SET compared_in = j.block, apart_since = CASE WHEN j.apart THEN coalesce(c.apart_since, j.block) END
      FROM j JOIN before b USING (asset) WHERE c.asset = j.asset
    RETURNING c.asset, c.apart_since)
  SELECT w.asset, w.apart_since::text FROM written w JOIN before b USING (asset) WHERE w.apart_since IS NOT NULL AND b.apart_since IS NOT NULL`;

interface WalletAccounts {
  readonly asset: Asset;
  /** Balance on the chain, in a final block. */
  readonly total: Amount;
  /** Sum of the wallets' ledger accounts. The expected balance on the chain is the negated sum. */
  readonly posted: Amount;
  /** Amount possibly sent but not booked yet: withdrawals not yet ended. */
  readonly inFlight: Amount;
}

/**
 * Amount missing on the chain beyond the amount in flight; zero for a surplus, which is no loss.
 */
export function missingOf({ asset, total, posted, inFlight }: WalletAccounts): Amount {
  const least = posted.negated().minus(inFlight);
  return total.lessThan(least) ? least.minus(total) : Amount.zero(asset);
}

export type WalletCoinsEvent = Extract<
  Message<WalletEventsTopic>,
  { type: 'venue.wallet-coins.v1' }
>;

/** Stores the newest count per asset of our own wallets' balances on the chains. */
@Injectable()
export class KeepWalletCoins implements VenueEventKeeper {
  constructor(private readonly database: Database) {}

  async take(batch: readonly VenueEvent[]): Promise<void> {
    const events = eventsOf(batch, 'venue.wallet-coins.v1');
    const newest = [...new Map(events.map(({ data }) => [data.asset, data])).values()];
    if (newest.length === 0) return;
    await this.database.query(KEEP, [
      newest.map(({ asset }) => asset),
      newest.map(({ total }) => total),
      newest.map(({ blockNumber }) => blockNumber),
      newest.map(({ at }) => at),
    ]);
  }
}

const KEEP = `
  INSERT INTO wallet_coin_total AS w (asset, total, block, read_at)
  SELECT * FROM unnest($1::text[], $2::numeric[], $3::bigint[], $4::timestamptz[]) AS c (asset, total, block, read_at) ORDER BY asset
  ON CONFLICT (asset) DO UPDATE SET total = EXCLUDED.total, block = EXCLUDED.block, read_at = EXCLUDED.read_at, received_at = clock_timestamp()
   WHERE w.read_at < EXCLUDED.read_at`;
