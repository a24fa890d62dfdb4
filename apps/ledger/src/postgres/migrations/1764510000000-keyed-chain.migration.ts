import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which key vouches for a link, and a seal for each checkpoint: see ADR 6. Links without a key are of before. */
export class LedgerKeyedChain1764510000000 implements MigrationInterface {
  readonly name = 'LedgerKeyedChain1764510000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'ALTER TABLE chain_link ADD COLUMN key_id text',
      `CREATE TABLE checkpoint_seal (
         until  timestamptz PRIMARY KEY,
         key_id text NOT NULL,
         mac    bytea NOT NULL
       )`,
      `CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_seal
         FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()`,
      'REVOKE UPDATE, DELETE, TRUNCATE ON checkpoint_seal FROM CURRENT_USER',
    ])
      await runner.query(statement);
  }

  /** Only while no link has a key: without its id none could be checked. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE chain_link ADD CHECK (key_id IS NULL)');
    await runner.query('DROP TABLE checkpoint_seal');
    await runner.query('ALTER TABLE chain_link DROP COLUMN key_id');
  }
}
