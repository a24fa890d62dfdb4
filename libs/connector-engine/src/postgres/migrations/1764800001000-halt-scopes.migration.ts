import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A halt may be of all, of an asset or of an account. */
export class HaltScopes1764800001000 implements MigrationInterface {
  readonly name = 'HaltScopes1764800001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SCOPES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(ONE_SCOPE);
  }
}

const SCOPES = `
  ALTER TABLE halt ADD COLUMN target text CHECK (length(target) BETWEEN 1 AND 128);
  UPDATE halt SET target = coalesce(asset, account_id::text);
  ALTER TABLE halt
    DROP COLUMN asset,
    DROP COLUMN account_id,
    DROP CONSTRAINT halt_scope_check,
    ADD CONSTRAINT halt_scope_check CHECK (scope IN ('all','venue','asset','account')),
    ADD CONSTRAINT halt_target CHECK ((scope IN ('all','venue')) = (target IS NULL))`;

const ONE_SCOPE = `
  ALTER TABLE halt ADD COLUMN asset text, ADD COLUMN account_id uuid;
  UPDATE halt SET scope = CASE scope WHEN 'all' THEN 'venue' ELSE scope END,
                  asset = CASE scope WHEN 'asset' THEN target END, account_id = CASE scope WHEN 'account' THEN target::uuid END;
  ALTER TABLE halt
    DROP COLUMN target,
    DROP CONSTRAINT halt_scope_check,
    ADD CONSTRAINT halt_scope_check CHECK (scope IN ('venue','asset','account')),
    ADD CONSTRAINT halt_check CHECK ((scope = 'asset') = (asset IS NOT NULL)),
    ADD CONSTRAINT halt_check1 CHECK ((scope = 'account') = (account_id IS NOT NULL))`;
