import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What customers page through: withdrawals that have ended, in a table of their own that only grows at its ends, and with whose they are
 * those that are under way. Triggers fill both, so that it does not matter which release ends a withdrawal.
 */
export class EndedWithdrawals1795348000000 implements MigrationInterface {
  readonly name = 'EndedWithdrawals1795348000000';
  readonly contracts = {
    since: '0.2.0',
    because: 'the triggers refuse nothing: they copy what the row says already',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ENDED);
    await runner.query(LIST_ENDED);
    await runner.query(UNLIST_REMOVED);
    await runner.query(OPEN);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER is_of_account ON open_withdrawal;
      ALTER TABLE open_withdrawal DROP COLUMN account_id, DROP COLUMN number;
      DROP TRIGGER list_ended ON withdrawal;
      DROP TRIGGER unlist_removed ON withdrawal;
      DROP FUNCTION list_ended(), unlist_removed(), open_withdrawal_is_of_account();
      DROP TABLE ended_withdrawal`);
  }
}

// An index on the state of withdrawal itself would end updates in place (HOT). Here no row is ever changed; the two orders find any filter's
// newest rows: an account has few kinds (currency, network, venue, state), and each is in the order of its numbers.
const ENDED = `
  CREATE TABLE ended_withdrawal (
    account_id   uuid NOT NULL,
    state        text NOT NULL,
    number       bigint NOT NULL,
    currency     text NOT NULL,
    network      text NOT NULL,
    venue        text NOT NULL,
    requested_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, state, number)
  );
  CREATE INDEX ended_withdrawal_kind ON ended_withdrawal (account_id, currency, network, venue, state, number)`;

const LIST_ENDED = `
  CREATE FUNCTION list_ended() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    INSERT INTO ended_withdrawal (account_id, state, number, currency, network, venue, requested_at)
    VALUES (NEW.account_id, NEW.state, NEW.number, NEW.currency, NEW.network, NEW.venue, NEW.requested_at)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER list_ended AFTER INSERT OR UPDATE OF state ON withdrawal FOR EACH ROW
    WHEN (NEW.state IN ('completed', 'failed', 'cancelled')) EXECUTE FUNCTION list_ended()`;

const UNLIST_REMOVED = `
  CREATE FUNCTION unlist_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    DELETE FROM ended_withdrawal e USING removed r
     WHERE (e.account_id, e.state, e.number) = (r.account_id, r.state, r.number);
    RETURN NULL;
  END $$;
  CREATE TRIGGER unlist_removed AFTER DELETE ON withdrawal REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION unlist_removed()`;

const OPEN = `
  ALTER TABLE open_withdrawal ADD COLUMN account_id uuid, ADD COLUMN number bigint;
  CREATE FUNCTION open_withdrawal_is_of_account() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  BEGIN
    SELECT w.account_id, w.number INTO NEW.account_id, NEW.number FROM withdrawal w WHERE w.id = NEW.id;
    RETURN NEW;
  END $$;
  CREATE TRIGGER is_of_account BEFORE INSERT ON open_withdrawal FOR EACH ROW EXECUTE FUNCTION open_withdrawal_is_of_account()`;
