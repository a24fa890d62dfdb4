import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { BackgroundLoop } from '@sluice/background';
import { NO_WITHDRAWAL } from '@sluice/messages';
import { Amount, networkOf, type Asset } from '@sluice/money';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, type Logger } from '@sluice/service-shell';
import { WALLET } from '@sluice/withdrawal-core';
import { LedgerClient } from '../balances/ledger-client.js';
import { haltVenues } from '../halts/halt-venues.js';
import { openCases } from '../withdrawals/withdrawal-cases.js';
import { missingOf } from './judge-wallet.js';

const EVERY_MS = 10_000;
/** So long after a count arrived all that it shows is booked, gas too, which no withdrawal in flight stands for. */
const SETTLED_AFTER_MS = 15_000;
/** An order that the wallet has not answered for so long was never sent: its connector tells what it has let go within seconds. */
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
 * Compares what the ledger's accounts of our own wallet say with what its chains have, each count of connector-evm once. Two counts in a row that have less than the
 * book, beyond all that is in flight, open a case and halt the wallet: its coins have left in a way that nobody has booked.
 */
@Injectable()
export class WalletBookWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: BackgroundLoop;

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: LedgerClient,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = BackgroundLoop.every(EVERY_MS, 'compare wallet and book', logger, () =>
      this.look(SETTLED_AFTER_MS),
    );
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.loop.stop();
  }

  /** Compares what arrived at least so long ago. What is in flight is read before the book: what is captured between the two counts as both, and halts nothing. */
  async look(settledAfterMs: number): Promise<void> {
    const due = await this.database.query<DueRow>(DUE, [
      ...[settledAfterMs, WALLET, UNANSWERED_MS],
    ]);
    if (due.length === 0) return;
    const posted = await this.posted(new Set(due.map(({ asset }) => networkOf(asset))));
    const compared = due.map(({ asset, total, block, in_flight: inFlight }) => {
      const booked = posted.get(asset) ?? Amount.zero(asset);
      const missing = missingOf({
        ...{ asset, total: Amount.of(total, asset), posted: booked },
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
        ...{ ...fault, withdrawalId: NO_WITHDRAWAL, state: 'none', trigger: TRIGGER },
        venue: WALLET,
      }));
      const opened = new Set(await openCases(tx, found));
      await haltVenues(
        tx,
        found.filter((fault) => opened.has(fault)),
      );
      for (const { detail } of opened)
        this.logger.error({ detail }, 'chain and book of our own wallet are apart: it is halted');
    });
  }

  /** Of both wallets of each network together: a top-up moves nothing then. */
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

// One that is old says nothing of now. What a withdrawal in flight may have moved is its amount: the fee stays with us. Those that are not listed as open yet
// are above the number up to which that was looked at. What waits for its hold, or is proven unpaid, moves nothing; neither does an order that waits in the
// connector's queue, as while a halt is in force: counted as in flight it would hide as much that is missing.
const DUE = `
  WITH due AS (
    SELECT asset, total, block FROM wallet_coin_total
     WHERE compared_in IS DISTINCT FROM block AND received_at <= clock_timestamp() - $1 * interval '1 millisecond' AND read_at > clock_timestamp() - interval '5 minutes'),
  open AS (
    SELECT id FROM open_withdrawal UNION SELECT w.id FROM withdrawal w, recovery r WHERE w.number > r.scanned_to),
  in_flight AS (
    SELECT w.currency || '.' || w.network AS asset, sum(w.amount) AS amount FROM open JOIN withdrawal w USING (id)
     WHERE EXISTS (SELECT FROM due) AND w.venue = $2 AND w.state NOT IN ('requested','releasing','cancelling','rejected','completed','failed','cancelled')
       AND (w.state <> 'submitting' OR w.updated_at > clock_timestamp() - $3 * interval '1 millisecond') GROUP BY 1)
  SELECT d.asset, d.total::text, d.block::text, coalesce(f.amount, 0)::text AS in_flight FROM due d LEFT JOIN in_flight f USING (asset)`;

// Answers those that were apart in the count before, too, with the block since which they are.
const COMPARED = `
  WITH j AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[]) AS j (asset, block, apart)),
  before AS (
    SELECT c.asset, c.apart_since FROM wallet_coin_total c JOIN j USING (asset) WHERE c.compared_in IS DISTINCT FROM j.block ORDER BY c.asset FOR UPDATE OF c),
  written AS (
    UPDATE wallet_coin_total c SET compared_in = j.block, apart_since = CASE WHEN j.apart THEN coalesce(c.apart_since, j.block) END
      FROM j JOIN before b USING (asset) WHERE c.asset = j.asset
    RETURNING c.asset, c.apart_since)
  SELECT w.asset, w.apart_since::text FROM written w JOIN before b USING (asset) WHERE w.apart_since IS NOT NULL AND b.apart_since IS NOT NULL`;
