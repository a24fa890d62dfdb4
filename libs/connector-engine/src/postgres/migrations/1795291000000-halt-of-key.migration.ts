import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A halt may be of an API key: what it has asked for stays in the queue. */
export class HaltOfKey1795291000000 implements MigrationInterface {
  readonly name = 'HaltOfKey1795291000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE submission ADD COLUMN key_id text;
      ALTER TABLE halt DROP CONSTRAINT halt_scope_check, ADD CONSTRAINT halt_scope_check CHECK (scope IN ('all','venue','asset','account','key'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM halt WHERE scope = 'key';
      ALTER TABLE halt DROP CONSTRAINT halt_scope_check, ADD CONSTRAINT halt_scope_check CHECK (scope IN ('all','venue','asset','account'));
      ALTER TABLE submission DROP COLUMN key_id`);
  }
}
