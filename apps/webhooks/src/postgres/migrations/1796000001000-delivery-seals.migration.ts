import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the seals of deliveries, and marks the rows of 0.3.0: these have no seal and are sent. Only
 * the migration can mark a row; a trigger refuses an insert with the mark.
 */
export class DeliverySeals1796000001000 implements MigrationInterface {
  readonly name = 'DeliverySeals1796000001000';
  readonly contracts = {
    since: '0.3.0',
    because: 'the trigger refuses a value of a new column that 0.3.0 does not write',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE delivery ADD COLUMN seal text, ADD COLUMN predates_seals boolean NOT NULL DEFAULT true;
  ALTER TABLE delivery ALTER COLUMN predates_seals SET DEFAULT false;
  CREATE FUNCTION refuse_unsealed_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'a new delivery does not predate the seals';
  END $$;
  CREATE TRIGGER new_delivery_needs_seal BEFORE INSERT ON delivery
    FOR EACH ROW WHEN (NEW.predates_seals) EXECUTE FUNCTION refuse_unsealed_delivery()`;

const DOWN = `
  DROP TRIGGER new_delivery_needs_seal ON delivery;
  DROP FUNCTION refuse_unsealed_delivery();
  ALTER TABLE delivery DROP COLUMN predates_seals, DROP COLUMN seal`;
