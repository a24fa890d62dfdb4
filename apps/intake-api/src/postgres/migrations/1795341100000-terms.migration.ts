import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Terms have versions, each in force from a time that is not over when it is recorded. What a network, a currency and an account's
 * currency began with stays in their own rows, which the last release reads; `inactive` is what a currency begins with from now on.
 */
export class Terms1795341100000 implements MigrationInterface {
  readonly name = 'Terms1795341100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE network_terms (
        network text NOT NULL REFERENCES network (code),
        ${VERSION},
        active boolean NOT NULL,
        PRIMARY KEY (network, version)
      );
      CREATE TABLE currency_terms (
        currency text NOT NULL,
        network  text NOT NULL,
        ${VERSION},
        name                   text NOT NULL,
        contract_address       text,
        decimals               integer NOT NULL CHECK (decimals BETWEEN 0 AND 30),
        active                 boolean NOT NULL,
        open_to_all            boolean NOT NULL,
        min_withdrawal_amount  numeric NOT NULL CHECK (min_withdrawal_amount >= 0),
        withdrawal_fee_flat    numeric NOT NULL CHECK (withdrawal_fee_flat >= 0),
        withdrawal_fee_percent numeric NOT NULL CHECK (withdrawal_fee_percent BETWEEN 0 AND 100),
        -- What one unit is worth, for a ceiling of what no release has one for.
        unit_worth_eur         numeric CHECK (unit_worth_eur > 0),
        PRIMARY KEY (currency, network, version),
        FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
      );
      CREATE TABLE account_terms (
        account_id uuid NOT NULL REFERENCES account (id),
        currency   text NOT NULL,
        network    text NOT NULL,
        ${VERSION},
        withdrawal_enabled     boolean NOT NULL,
        min_withdrawal_amount  numeric CHECK (min_withdrawal_amount >= 0),
        withdrawal_fee_flat    numeric CHECK (withdrawal_fee_flat >= 0),
        withdrawal_fee_percent numeric CHECK (withdrawal_fee_percent BETWEEN 0 AND 100),
        PRIMARY KEY (account_id, currency, network, version),
        FOREIGN KEY (currency, network) REFERENCES currency (currency, network)
      )`);
    await runner.query(ONLY_GROWS);
    for (const trigger of TABLES.flatMap(triggersOf)) await runner.query(trigger);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE network_terms, currency_terms, account_terms');
    await runner.query('DROP FUNCTION terms_recorded_now, terms_only_grow');
  }
}

const TABLES = ['network_terms', 'currency_terms', 'account_terms'];

const VERSION = `
        version      integer NOT NULL CHECK (version > 0),
        effective_at timestamptz NOT NULL,
        recorded_at  timestamptz NOT NULL DEFAULT now(),
        requested_by text NOT NULL CHECK (requested_by <> ''),
        approved_by  text NOT NULL CHECK (approved_by <> ''),
        CONSTRAINT never_in_the_past CHECK (effective_at >= recorded_at),
        CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by))`;

/** When something was recorded is for the database to say: who could choose that could set terms in the past. */
const ONLY_GROWS = `
  CREATE FUNCTION terms_recorded_now() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.recorded_at := now();
    RETURN NEW;
  END $$;
  CREATE FUNCTION terms_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION '% of % is not allowed: the history of terms only grows', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END $$`;

function triggersOf(table: string): readonly string[] {
  return [
    `CREATE TRIGGER recorded_now BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION terms_recorded_now()`,
    `CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION terms_only_grow()`,
  ];
}
