import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds amount and time of a payment that came back. A completed withdrawal may leave its state for
 * `returning`, or for `returned` within a batch: the list of ended withdrawals loses the completed
 * row, and recovery gets a returning row.
 */
export class ReturnedWithdrawals1796510001001 implements MigrationInterface {
  readonly name = 'ReturnedWithdrawals1796510001001';
  readonly contracts = {
    since: '0.3.0',
    because: 'the new triggers and the constraint allow every row that the former ones allow',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(UP);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}

const UP = `
  ALTER TABLE withdrawal ADD COLUMN returned_amount numeric, ADD COLUMN returned_at timestamptz;
  ALTER TABLE archived_withdrawal ADD COLUMN returned_amount numeric, ADD COLUMN returned_at timestamptz,
    DROP CONSTRAINT archived_withdrawal_state_check,
    ADD CONSTRAINT archived_withdrawal_state_check CHECK (state IN ('completed', 'returned', 'failed', 'cancelled')) NOT VALID;
  DROP TRIGGER state_is_final ON withdrawal;
  CREATE TRIGGER state_is_final BEFORE UPDATE OF state ON withdrawal
    FOR EACH ROW WHEN (old.state IN ('rejected', 'returned', 'failed', 'cancelled') AND new.state <> old.state
                       OR old.state = 'completed' AND new.state NOT IN ('completed', 'returning', 'returned')) EXECUTE FUNCTION state_is_final();
  DROP TRIGGER list_ended ON withdrawal;
  CREATE TRIGGER list_ended AFTER INSERT OR UPDATE OF state ON withdrawal
    FOR EACH ROW WHEN (new.state IN ('completed', 'returned', 'failed', 'cancelled')) EXECUTE FUNCTION list_ended();
  CREATE FUNCTION list_returning() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
      DELETE FROM ended_withdrawal WHERE (account_id, state, number) = (OLD.account_id, OLD.state, OLD.number);
      INSERT INTO open_withdrawal (id) SELECT NEW.id WHERE NEW.state = 'returning' ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$;
  CREATE TRIGGER list_returning AFTER UPDATE OF state ON withdrawal
    FOR EACH ROW WHEN (old.state = 'completed' AND new.state IN ('returning', 'returned')) EXECUTE FUNCTION list_returning()`;

const DOWN = `
  DROP TRIGGER list_returning ON withdrawal;
  DROP FUNCTION list_returning();
  DROP TRIGGER list_ended ON withdrawal;
  CREATE TRIGGER list_ended AFTER INSERT OR UPDATE OF state ON withdrawal
    FOR EACH ROW WHEN (new.state IN ('completed', 'failed', 'cancelled')) EXECUTE FUNCTION list_ended();
  DROP TRIGGER state_is_final ON withdrawal;
  CREATE TRIGGER state_is_final BEFORE UPDATE OF state ON withdrawal
    FOR EACH ROW WHEN (old.state IN ('rejected', 'completed', 'failed', 'cancelled') AND new.state <> old.state) EXECUTE FUNCTION state_is_final();
  ALTER TABLE archived_withdrawal DROP COLUMN returned_amount, DROP COLUMN returned_at,
    DROP CONSTRAINT archived_withdrawal_state_check,
    ADD CONSTRAINT archived_withdrawal_state_check CHECK (state IN ('completed', 'failed', 'cancelled')) NOT VALID;
  ALTER TABLE withdrawal DROP COLUMN returned_amount, DROP COLUMN returned_at`;
