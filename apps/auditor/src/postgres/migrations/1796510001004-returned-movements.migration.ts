import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Allows movements of payments that came back. */
export class ReturnedMovements1796510001004 implements MigrationInterface {
  readonly name = 'ReturnedMovements1796510001004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(kindsSql("'funding', 'transfer', 'capture', 'reversal', 'return'"));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(kindsSql("'funding', 'transfer', 'capture', 'reversal'"));
  }
}

function kindsSql(listSql: string): string {
  return `
  ALTER TABLE audited_movement DROP CONSTRAINT audited_movement_kind_check,
    ADD CONSTRAINT audited_movement_kind_check CHECK (kind IN (${listSql})) NOT VALID`;
}
