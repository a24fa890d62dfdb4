import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lets an instance release the signature of a request that stored nothing. Each signature has the
 * SHA-256 of a secret in the memory of its instance: a login without the secret releases nothing.
 */
export class ReleasedSignatures1796513001001 implements MigrationInterface {
  readonly name = 'ReleasedSignatures1796513001001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE used_signature ADD COLUMN released_by bytea');
    await runner.query(`
      CREATE FUNCTION release_signatures(minutes integer[], signatures bytea[], secrets bytea[]) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DELETE FROM used_signature u USING unnest(minutes, signatures, secrets) AS released (minute, signature, secret)
         WHERE u.minute = released.minute AND u.signature = released.signature AND u.released_by = sha256(released.secret) $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION release_signatures(integer[], bytea[], bytea[])');
    await runner.query('ALTER TABLE used_signature DROP COLUMN released_by');
  }
}
