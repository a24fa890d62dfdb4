import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { withdrawalEvents } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { publishedAs, type State } from '@sluice/withdrawal-core';
import { withdrawalChangedMessage } from '../../wire/withdrawal-event.js';
import { findByIds } from '../../rows/withdrawal-store.js';

const AT_ONCE = 500;

interface StepsOf {
  readonly id: string;
  /** Newest first. */
  readonly steps: readonly {
    readonly from: State | null;
    readonly to: State;
    readonly at: string;
  }[];
}

/**
 * Publishes the newest public event of each withdrawal of the last day again, under its id, after a
 * loss of `withdrawal.events`. An event has the whole state.
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
        this.logger.warn({ err: error }, 'not all events of withdrawals are published again yet'),
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
        'the newest events of these withdrawals are published again',
      );
  }

  /** Publishes the next part after the id `after`; returns the ids in order. */
  private publishSome(after: string | null): Promise<readonly string[]> {
    return this.unitOfWork.run(async (tx) => {
      const recent = await tx.query<StepsOf>(STEPS, [after, AT_ONCE]);
      const stored = new Map(
        (
          await findByIds(
            tx,
            recent.map(({ id }) => id),
          )
        ).map((one) => [one.withdrawal.order.id, one]),
      );
      for (const { id, steps } of recent) {
        const one = stored.get(id);
        const newest = steps.find(({ from, to }) => publishedAs(from, to) !== null);
        const event =
          one && newest && withdrawalChangedMessage(one, { ...newest, at: new Date(newest.at) });
        if (event) tx.publish(event);
      }
      return recent.map(({ id }) => id);
    });
  }
}

// The ids (UUIDv7) give the time of the requests. A request without a hold has no event yet.
const STEPS = `
  SELECT w.id, (SELECT json_agg(json_build_object('from', e.from_state, 'to', e.to_state, 'at', e.at) ORDER BY e.sequence DESC)
                  FROM withdrawal_step e WHERE e.withdrawal_id = w.id) AS steps
    FROM withdrawal w
   WHERE w.id > (SELECT coalesce($1::uuid, rpad(lpad(to_hex((extract(epoch FROM now() - interval '1 day') * 1000)::bigint), 12, '0'), 32, '0')::uuid))
     AND w.state NOT IN ('requested', 'rejected')
   ORDER BY w.id LIMIT $2`;
