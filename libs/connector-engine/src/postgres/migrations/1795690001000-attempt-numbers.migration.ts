import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Numbers the attempts of a connector without gaps, and seals the time at which an order was proven
 * unsent. Rows of release 0.3.0 have no number and no seal.
 */
export class AttemptNumbers1795690001000 implements MigrationInterface {
  readonly name = 'AttemptNumbers1795690001000';
  readonly contracts = {
    since: '0.3.0',
    because: 'the trigger on attempt counts removed rows and refuses no statement',
  };

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of REVERT) await runner.query(statement);
  }
}

// unsent_seal: time at which this connector stored the order or found no payment of it.
// serial_number: number among all attempts of this connector; null before release 0.4.0.
// halt_seen: newest halt seen by the claim, in force or lifted.
// swept_to: highest number of a removed attempt.
const STATEMENTS = [
  'ALTER TABLE submission ADD COLUMN unsent_seal text',
  'ALTER TABLE attempt ADD COLUMN serial_number bigint, ADD COLUMN halt_seen bigint',
  `CREATE TABLE attempt_counter (
     only_row boolean DEFAULT true CHECK (only_row) PRIMARY KEY,
     last     bigint NOT NULL DEFAULT 0 CHECK (last >= 0),
     swept_to bigint NOT NULL DEFAULT 0 CHECK (swept_to BETWEEN 0 AND last)
   ) WITH (fillfactor=50)`,
  'INSERT INTO attempt_counter DEFAULT VALUES',
  `CREATE FUNCTION attempts_are_swept()
    RETURNS trigger
    LANGUAGE plpgsql
   AS $$
     BEGIN
       UPDATE attempt_counter SET swept_to = (SELECT max(serial_number) FROM swept)
        WHERE swept_to < (SELECT max(serial_number) FROM swept);
       RETURN NULL;
     END $$`,
  `CREATE TRIGGER attempts_are_swept AFTER DELETE ON attempt
   REFERENCING OLD TABLE AS swept FOR EACH STATEMENT EXECUTE FUNCTION attempts_are_swept()`,
];

const REVERT = [
  'DROP TRIGGER attempts_are_swept ON attempt',
  'DROP FUNCTION attempts_are_swept',
  'DROP TABLE attempt_counter',
  'ALTER TABLE attempt DROP COLUMN serial_number, DROP COLUMN halt_seen',
  'ALTER TABLE submission DROP COLUMN unsent_seal',
];
