import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A key's row is sealed whole and never changed: each change is a further row, and the newest counts. Nothing can prove what the rows of
 * before say, so those keys are revoked.
 */
export class SealedKeys1795276948920 implements MigrationInterface {
  readonly name = 'SealedKeys1795276948920';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE api_key RENAME COLUMN secret TO sealed;
      ALTER TABLE api_key
        ADD COLUMN generation   integer NOT NULL DEFAULT 1 CHECK (generation > 0),
        ADD COLUMN expires_at   timestamptz,
        -- Until then the secret before the newest one is good as well.
        ADD COLUMN overlap_until timestamptz,
        ADD COLUMN changed_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        DROP CONSTRAINT api_key_pkey,
        ADD PRIMARY KEY (key_id, generation);
      ALTER TABLE api_key ALTER COLUMN generation DROP DEFAULT;
      UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp())`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM api_key k WHERE EXISTS (SELECT FROM api_key later WHERE later.key_id = k.key_id AND later.generation > k.generation);
      ALTER TABLE api_key
        DROP CONSTRAINT api_key_pkey,
        DROP COLUMN generation, DROP COLUMN expires_at, DROP COLUMN overlap_until, DROP COLUMN changed_at,
        ADD PRIMARY KEY (key_id);
      ALTER TABLE api_key RENAME COLUMN sealed TO secret`);
  }
}
