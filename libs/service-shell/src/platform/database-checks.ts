import { probeWrites, type Database, type UnitOfWork } from '@sluice/postgres';
import type { Health } from './health.js';

/** A longer transaction is stuck, not slow: no transaction of a service takes seconds. */
const STUCK_AFTER_MS = 8_000;

/**
 * Adds the readiness checks of the database. `/readyz` reports within 10 s if the database is
 * unusable.
 */
export function watchDatabase(health: Health, database: Database, unitOfWork: UnitOfWork): void {
  health.add(
    'database',
    async () => [(await probeWrites(database)) ?? []].flat(),
    'the database did not take a write in time: no connection is free, or it does not answer',
  );
  health.add('clock', () => [database.clock.fault() ?? []].flat());
  health.add('transactions', () => {
    const oldestMs = unitOfWork.oldestMs();
    if (oldestMs <= STUCK_AFTER_MS) return [];
    const waiting = database.waitingForConnection;
    const queue = waiting > 0 ? `, and ${waiting} more wait for a connection` : '';
    return [
      `a transaction has not finished for ${Math.round(oldestMs / 1_000)} s: locked, or the database does not answer${queue}`,
    ];
  });
}
