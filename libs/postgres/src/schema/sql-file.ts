import { readFileSync } from 'node:fs';
import type { QueryRunner } from 'typeorm';

export async function runSqlFile(runner: QueryRunner, file: URL): Promise<void> {
  await runner.query(readFileSync(file, 'utf8'));
}

/** Rejects the reversal of a baseline: without its tables the database has no content. */
export function revertBaseline(): Promise<never> {
  return Promise.reject(
    new Error('The baseline of a database cannot be reverted; create a new database instead.'),
  );
}
