import { probeWrites, type Database, type UnitOfWork } from '@sluice/postgres';
import type { Health } from './health.js';

/** What takes longer is not slow but stuck: nothing that a service does in one transaction takes seconds. */
const STUCK_AFTER_MS = 8_000;

/** Adds the readiness checks of the database: within 10 s `/readyz` reports when no work can be done with it. */
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
