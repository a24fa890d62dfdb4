import { Injectable } from '@nestjs/common';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
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

const EVERY_MS = 10_000;
/** Longer than the interval: a stall of the machine is not a missed check. */
const CHECKED_EVERY_MS = 20_000;
/** Numbers precede the commit. */
const OVERLAP_MS = 15_000;
const HOUR_MS = 3_600_000;

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
  /** Monotonic time of the last look (ms); null before the first look, which considers a whole hour. */
  private lookedMs: number | null = null;

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
    const nowMs = monotonicMs();
    const sinceMs = this.lookedMs === null ? HOUR_MS : nowMs - this.lookedMs + OVERLAP_MS;
    await this.unitOfWork.run(async (tx) => {
      const most = this.config.newAddressesPerHour;
      const bursts = await tx.query<Burst>(BURSTS, [Math.ceil(Math.min(sinceMs, HOUR_MS)), most]);
      if (bursts.length === 0) return;
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
    this.lookedMs = nowMs;
  }
}

// Some deployments run no connector of our own wallet: no key exists to sign messages to it.
const VENUES = `
  SELECT DISTINCT venue FROM route WHERE venue <> 'wallet' OR EXISTS (SELECT FROM hot_wallet)`;

/** Smallest number of a withdrawal younger than this many milliseconds. */
const youngerSql = (msSql: string): string =>
  `((extract(epoch FROM clock_timestamp() - timestamptz '2026-01-01T00:00:00Z') * 1000 - ${msSql}) * 2048)::bigint`;

// Only accounts with a first payment since the last look are counted.
const BURSTS = `
  WITH recent AS (SELECT DISTINCT account_id FROM withdrawal WHERE number > ${youngerSql('$1::int')} AND first_payment)
  SELECT account_id, recipients, withdrawal_id, date_trunc('hour', clock_timestamp(), 'UTC')::text AS hour
    FROM recent, LATERAL (
      SELECT count(DISTINCT w.recipient)::int AS recipients, (array_agg(w.id ORDER BY w.number DESC))[1] AS withdrawal_id
        FROM withdrawal w WHERE w.account_id = recent.account_id AND w.first_payment AND w.number > ${youngerSql(String(HOUR_MS))}) AS hour
   WHERE recipients > $2::int`;
