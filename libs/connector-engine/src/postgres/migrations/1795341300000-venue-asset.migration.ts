import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What people have added to what the venue pays: versions, of which the newest counts, and none is ever changed. */
export class VenueAsset1795341300000 implements MigrationInterface {
  readonly name = 'VenueAsset1795341300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE venue_asset (
        asset          text NOT NULL CHECK (asset ~ '^[A-Z0-9_-]{1,32}[.][A-Z0-9_-]{1,32}$'),
        version        integer NOT NULL CHECK (version > 0),
        code           text NOT NULL CHECK (code <> ''),
        active         boolean NOT NULL,
        unit_worth_eur numeric CHECK (unit_worth_eur > 0),
        recorded_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
        requested_by   text NOT NULL CHECK (requested_by <> ''),
        approved_by    text NOT NULL CHECK (approved_by <> ''),
        PRIMARY KEY (asset, version),
        CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by))
      )`);
    await runner.query(`
      CREATE FUNCTION venue_assets_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% of % is not allowed: its history only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END $$;
      CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON venue_asset FOR EACH STATEMENT EXECUTE FUNCTION venue_assets_only_grow()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE venue_asset');
    await runner.query('DROP FUNCTION venue_assets_only_grow');
  }
}
