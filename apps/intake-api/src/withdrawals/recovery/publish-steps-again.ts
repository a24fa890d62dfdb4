import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { withdrawalEvents } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { withdrawalChangedMessage } from '../../wire/wire.js';
import { findByIds } from '../../rows/withdrawal-store.js';

const AT_ONCE = 500;

interface NewestStep {
  readonly id: string;
  readonly at: Date;
  readonly from: string | null;
}

/**
 * Publishes the newest step of each withdrawal of the last day again, under its id, after a loss of
 * `withdrawal.events`. A step has the whole state.
 */
@Injectable()
export class PublishStepsAgain implements OnApplicationBootstrap {
  private running: Promise<void> | null = null;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'onLogLoss'>,
  ) {}

  onApplicationBootstrap(): void {
    this.platform.onLogLoss((topic) => {
      if (topic === withdrawalEvents.name) void this.run();
    });
  }

  /** Runs once at a time. */
  run(): Promise<void> {
    this.running ??= this.publishAll()
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'not all steps of withdrawals are published again yet'),
      )
      .finally(() => void (this.running = null));
    return this.running;
  }

  private async publishAll(): Promise<void> {
    let count = 0;
    for (let after: string | null = null; ;) {
      const ids: readonly string[] = await this.publishSome(after);
      count += ids.length;
      after = ids.at(-1) ?? null;
      if (after === null) break;
    }
    if (count > 0)
      this.logger.info(
        { withdrawals: count },
        'the newest steps of these withdrawals are published again',
      );
  }

  /** Publishes the next part after the id `after`; returns the ids in order. */
  private publishSome(after: string | null): Promise<readonly string[]> {
    return this.unitOfWork.run(async (tx) => {
      const steps = await tx.query<NewestStep>(NEWEST_STEPS, [after, AT_ONCE]);
      const stored = new Map(
        (
          await findByIds(
            tx,
            steps.map(({ id }) => id),
          )
        ).map((one) => [one.withdrawal.order.id, one]),
      );
      for (const { id, at, from } of steps) {
        const one = stored.get(id);
        if (one) tx.publish(withdrawalChangedMessage(one, at, { from }));
      }
      return steps.map(({ id }) => id);
    });
  }
}

// The ids (UUIDv7) give the time of the requests. A request without a hold has no event yet.
const NEWEST_STEPS = `
  SELECT w.id, e.at, e.from_state AS "from" FROM withdrawal w JOIN withdrawal_step e ON e.withdrawal_id = w.id AND e.sequence = w.sequence
   WHERE w.id > (SELECT coalesce($1::uuid, rpad(lpad(to_hex((extract(epoch FROM now() - interval '1 day') * 1000)::bigint), 12, '0'), 32, '0')::uuid))
     AND w.state NOT IN ('requested', 'rejected')
   ORDER BY w.id LIMIT $2`;
