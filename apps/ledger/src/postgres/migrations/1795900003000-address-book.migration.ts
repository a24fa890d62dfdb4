import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds the address books of the accounts, their settings, and the recipients that each account has
 * paid. Rows are only added: a removal is a row of its own.
 */
export class AddressBook1795900003000 implements MigrationInterface {
  readonly name = 'AddressBook1795900003000';
  readonly contracts = {
    since: '0.3.0',
    because:
      'all tables are new; holds of release 0.3.0 are refused for accounts that pay only to their book',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(decidedBy(`${RULES} OR ${ONLY_BOOK}`));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(decidedBy(RULES));
    await runner.query(
      'DROP TABLE paid_recipient, address_book_setting, address_removal, address_confirmation, address_entry',
    );
  }
}

const RULES = 'EXISTS (SELECT FROM policy_set WHERE has_rules AND starts_at <= clock_timestamp())';
const ONLY_BOOK = `EXISTS (SELECT FROM address_book_setting WHERE account_id = NEW.account_id AND only_book)`;

/** The trigger of 1795900001000 refuses holds of a release that knows neither rules nor books. */
function decidedBy(condition: string): string {
  return `
  CREATE OR REPLACE FUNCTION hold_was_decided_by_the_policy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ${condition} THEN
        RAISE EXCEPTION 'hold % was placed by a release without a spending policy', NEW.withdrawal_id USING ERRCODE = '57H03';
      END IF;
      RETURN NEW;
    END $$;`;
}

const TABLES = `
  CREATE TABLE address_entry (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL,
    network      text NOT NULL,
    recipient    text NOT NULL,
    destination  text NOT NULL,
    label        text NOT NULL,
    author       text NOT NULL,
    added_at     timestamptz NOT NULL,
    waits_hours  integer NOT NULL CHECK (waits_hours > 0),
    confirmation text NOT NULL CHECK (confirmation IN ('none', 'key', 'person')),
    seal         text NOT NULL,
    UNIQUE (id, author)
  );
  CREATE INDEX address_entry_of_recipient ON address_entry (account_id, network, recipient);
  CREATE INDEX address_entry_of_account ON address_entry (account_id, id);
  CREATE TABLE address_confirmation (
    entry_id     uuid PRIMARY KEY,
    author       text NOT NULL,
    confirmed_by text NOT NULL,
    confirmed_at timestamptz NOT NULL,
    usable_at    timestamptz NOT NULL,
    seal         text NOT NULL,
    FOREIGN KEY (entry_id, author) REFERENCES address_entry (id, author),
    CONSTRAINT address_confirmation_by_another CHECK (lower(confirmed_by) <> lower(author))
  );
  CREATE TABLE address_removal (
    entry_id   uuid PRIMARY KEY REFERENCES address_entry,
    removed_at timestamptz NOT NULL,
    removed_by text NOT NULL
  );
  CREATE TABLE address_book_setting (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id   uuid NOT NULL,
    only_book    boolean NOT NULL,
    confirmation text NOT NULL CHECK (confirmation IN ('none', 'key', 'person')),
    waits_hours  integer NOT NULL CHECK (waits_hours > 0),
    stated_at    timestamptz NOT NULL,
    starts_at    timestamptz NOT NULL CHECK (starts_at >= stated_at),
    author       text NOT NULL,
    seal         text NOT NULL
  );
  CREATE TABLE paid_recipient (
    account_id uuid NOT NULL,
    recipient  text NOT NULL,
    seal       text NOT NULL,
    ends       text NOT NULL GENERATED ALWAYS AS (split_part(recipient, ':', 2)) STORED,
    PRIMARY KEY (account_id, recipient)
  );
  CREATE INDEX paid_recipient_ends ON paid_recipient (account_id, ends) WHERE ends <> '';`;
