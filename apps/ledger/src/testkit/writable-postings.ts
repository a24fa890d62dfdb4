import type { Database } from '@sluice/postgres';

/**
 * Lets a test change, add and remove single lines of entries through the view `posting`, and add
 * entries without a place in a chain, past the checks of an entry, and past triggers that are switched off for the session.
 */
export async function letPostingsChange(database: Pick<Database, 'query'>): Promise<void> {
  await database.query(
    `ALTER TABLE journal_entry DROP CONSTRAINT IF EXISTS entry_has_lines, DROP CONSTRAINT IF EXISTS entry_balances, DROP CONSTRAINT IF EXISTS posting_in_chart,
       ALTER COLUMN shard DROP NOT NULL, ALTER COLUMN sequence DROP NOT NULL, ALTER COLUMN key_id DROP NOT NULL, ALTER COLUMN mac DROP NOT NULL`,
  );
  await database.query(CHANGE);
  await database.query(TRIGGER);
  await database.query(
    `UPDATE pg_trigger SET tgenabled = 'A' WHERE tgrelid = 'posting'::regclass AND tgname = 'change_line'`,
  );
}

const CHANGE = `
  CREATE FUNCTION change_line() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      at integer;
    BEGIN
      IF TG_OP <> 'INSERT' THEN
        SELECT l.n INTO at FROM journal_entry e, unnest(e.accounts, e.assets, e.amounts) WITH ORDINALITY AS l(account, asset, amount, n)
         WHERE e.id = OLD.entry_id AND l.account = OLD.account AND l.asset = OLD.asset AND l.amount = OLD.amount LIMIT 1;
        IF NOT FOUND THEN
          RETURN NULL;
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.entry_id = OLD.entry_id THEN
          UPDATE journal_entry SET accounts[at] = NEW.account, assets[at] = NEW.asset, amounts[at] = NEW.amount WHERE id = OLD.entry_id;
          RETURN NEW;
        END IF;
        UPDATE journal_entry SET accounts = accounts[:at - 1] || accounts[at + 1:], assets = assets[:at - 1] || assets[at + 1:],
               amounts = amounts[:at - 1] || amounts[at + 1:] WHERE id = OLD.entry_id;
      END IF;
      IF TG_OP <> 'DELETE' THEN
        UPDATE journal_entry SET accounts = accounts || NEW.account, assets = assets || NEW.asset, amounts = amounts || NEW.amount WHERE id = NEW.entry_id;
        RETURN NEW;
      END IF;
      RETURN OLD;
    END $$`;
const TRIGGER = `
  CREATE TRIGGER change_line INSTEAD OF INSERT OR UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION change_line()`;
