import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A submission may be handed over to a later withdrawal of the same reference: what hangs on it follows. */
export class HandOver1764700000000 implements MigrationInterface {
  readonly name = 'HandOver1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of TABLES.map((table) => referencing(table, 'ON UPDATE CASCADE')))
      await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const sql of TABLES.map((table) => referencing(table, ''))) await runner.query(sql);
  }
}

const TABLES = ['attempt', 'submission_case', 'decision', 'decision_proposal'] as const;

function referencing(table: (typeof TABLES)[number], onUpdate: string): string {
  return `
    ALTER TABLE ${table} DROP CONSTRAINT ${table}_withdrawal_id_fkey,
      ADD CONSTRAINT ${table}_withdrawal_id_fkey FOREIGN KEY (withdrawal_id) REFERENCES submission ${onUpdate}`;
}
