import { Injectable } from '@nestjs/common';
import { BackgroundLoop } from '@sluice/runtime';
import {
  Check,
  Health,
  InjectConfig,
  InjectLogger,
  LoopingService,
  type Logger,
  openHalts,
} from '@sluice/service-shell';
import { UnitOfWork } from '@sluice/postgres';
import type { IntakeConfig } from '../settings/intake-settings.js';
import { haltVenueMessage } from '../wire/wire.js';

/** Each row is read two or three times, because of the overlap. */
const EVERY_MS = 10_000;
/** Longer than the interval: a stall of the machine is not a missed check. */
const CHECKED_EVERY_MS = 20_000;
const AT_ONCE = 100_000;
/** Overlap of 15 s in withdrawal numbers, 2048 per millisecond: numbers precede the commit. */
const OVERLAP = 15_000 * 2_048;

interface Burst {
  readonly account_id: string;
  readonly recipients: number;
  readonly withdrawal_id: string;
  readonly hour: string;
}

/**
 * Halts accounts, here and at every venue, with payments to many new addresses within an hour: a
 * sign of a stolen key. No request waits for the check.
 */
@Injectable()
export class NewRecipients extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'newAddressesPerHour'>,
    health: Health,
  ) {
    super();
    const check = health.watch(new Check({ name: 'new recipients', everyMs: CHECKED_EVERY_MS }));
    this.loop = BackgroundLoop.every(EVERY_MS, 'check new addresses', logger, async () => {
      await this.look();
      check.completed();
    });
  }

  async look(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const added = await tx.query<{ account_id: string }>(LEARN, [OVERLAP, AT_ONCE]);
      if (added.length === 0) return;
      const accounts = [...new Set(added.map(({ account_id: accountId }) => accountId))];
      const most = this.config.newAddressesPerHour;
      const bursts = await tx.query<Burst>(BURSTS, [accounts, most]);
      const halts = bursts.map(({ account_id: target, recipients, withdrawal_id: id, hour }) => ({
        scope: 'account' as const,
        target,
        reason: 'new_address_burst',
        subject: `${target} ${hour}`,
        withdrawalId: id,
        details: `${recipients} new addresses within an hour, more than ${most} (NEW_ADDRESSES_PER_HOUR)`,
      }));
      const opened = await openHalts(tx, halts, 'intake-api');
      if (opened.length === 0) return;
      const venues = await tx.query<{ venue: string }>(VENUES);
      const [at, ids] = [await tx.now(), new Map(halts.map((one) => [one.subject, one]))];
      for (const { target, reason: trigger, subject, details } of opened) {
        this.logger.error(
          { accountId: target, details },
          'an account was halted by the rule for new recipients',
        );
        const { withdrawalId = '' } = ids.get(subject) ?? {};
        const halt = { withdrawalId, trigger, subject, details, accountId: target ?? '' };
        tx.publish(...venues.map(({ venue }) => haltVenueMessage(venue, halt, at)));
      }
    });
  }
}

// Some deployments run no connector of our own wallet: no key exists to sign messages to it.
const VENUES = `
  SELECT DISTINCT venue FROM route WHERE venue <> 'wallet' OR EXISTS (SELECT FROM hot_wallet)`;

// The lock on the cursor's row admits a single reading instance at a time.
const LEARN = `
  WITH span AS (SELECT read_to FROM recipient_cursor FOR UPDATE),
  fresh AS (
    SELECT w.account_id, sha256(convert_to(w.destination::text, 'UTF8')) AS recipient, w.id, w.requested_at, w.number
      FROM withdrawal w, span WHERE w.number > span.read_to - $1::bigint ORDER BY w.number LIMIT $2),
  moved AS (
    UPDATE recipient_cursor SET read_to = greatest(read_to, (SELECT max(number) FROM fresh)) WHERE EXISTS (SELECT FROM fresh WHERE number > read_to))
  INSERT INTO known_recipient (account_id, recipient, withdrawal_id, first_seen)
  SELECT DISTINCT ON (account_id, recipient) account_id, recipient, id, requested_at FROM fresh ORDER BY account_id, recipient, number
  ON CONFLICT DO NOTHING RETURNING account_id`;

const BURSTS = `
  SELECT account_id, count(*)::int AS recipients, (array_agg(withdrawal_id ORDER BY first_seen DESC))[1] AS withdrawal_id, date_trunc('hour', clock_timestamp(), 'UTC')::text AS hour
    FROM known_recipient WHERE account_id = ANY ($1::uuid[]) AND first_seen > clock_timestamp() - interval '1 hour'
   GROUP BY account_id HAVING count(*) > $2::int`;
