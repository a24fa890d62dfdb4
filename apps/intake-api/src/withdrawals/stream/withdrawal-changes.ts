import type { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { Database, forAllAccounts } from '@sluice/postgres';
import { Health } from '@sluice/service-shell';
import { CHANGED_CHANNEL, WANTED_CHANNEL } from '../../instances/look-up-cache.js';
import { WithdrawalWaiters } from '../waiting/waiters.js';
import { ChangeStream } from './change-stream.js';

/** Readers of one process. */
const MOST_READERS = 200;
/** Each instance names all changes for longer than this after the last notice. */
const WANTED_EVERY_MS = 10_000;
/** A timer of Node takes no longer time. */
const LONGEST_MS = 3_600_000;

/**
 * Changes of withdrawals in all instances, for the readers of this process. Only while one of them
 * has a reader, the instances name all changes in their notifications.
 */
@Injectable()
export class WithdrawalChanges implements OnModuleInit {
  private readonly stream: ChangeStream;
  private wanting: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly waiters: WithdrawalWaiters,
    private readonly health: Health,
  ) {
    this.stream = new ChangeStream({
      onActive: (isActive) => this.want(isActive),
      now: () => database.clock.now(),
    });
  }

  async onModuleInit(): Promise<void> {
    this.health.whenDraining(() => this.stream.close());
    await this.database.listen(WANTED_CHANNEL, () => this.waiters.wantChanges());
    await this.database.listen(CHANGED_CHANNEL, (payload) => {
      const [, ...ids] = payload.split(' ');
      this.stream.add(ids.length > 0 ? ids : null);
    });
  }

  beforeApplicationShutdown(): void {
    this.stream.close();
  }

  /** Events behind this id, until the end of the token. */
  open(lastEventId: string | undefined, until: Date): Readable {
    if (this.health.draining || this.stream.count >= MOST_READERS)
      throw new ApiError(503, 'No more streams are possible here: retry soon', {
        'retry-after': '5',
      });
    const reader = this.stream.open(lastEventId);
    const leftMs = until.getTime() - this.database.clock.now().getTime();
    const end = setTimeout(
      () => reader.push(null),
      Math.min(Math.max(leftMs, 0), LONGEST_MS),
    ).unref();
    reader.once('close', () => clearTimeout(end));
    return reader;
  }

  private want(isActive: boolean): void {
    clearInterval(this.wanting);
    if (!isActive) return;
    this.waiters.wantChanges();
    this.notifyWanted();
    this.wanting = setInterval(() => this.notifyWanted(), WANTED_EVERY_MS).unref();
  }

  /** A lost notice is made good by the next one. */
  private notifyWanted(): void {
    const notified = forAllAccounts(() =>
      this.database.query(`SELECT pg_notify('${WANTED_CHANNEL}', '')`, []),
    );
    notified.catch(() => undefined);
  }
}
