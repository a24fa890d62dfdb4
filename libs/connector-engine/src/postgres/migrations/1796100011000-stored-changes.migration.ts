import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Notifies the processes of lifts, closings and permits, whichever process stores them. */
export class StoredChanges1796100011000 implements MigrationInterface {
  readonly name = 'StoredChanges1796100011000';
  readonly contracts = {
    since: '0.3.0',
    because: 'the triggers notify and refuse no statement',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION notify_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          PERFORM pg_notify('stored_change', TG_TABLE_NAME);
          RETURN NULL;
        END $$;
      CREATE TRIGGER notify_end AFTER INSERT OR UPDATE ON halt FOR EACH ROW WHEN (NEW.lifted_at IS NOT NULL) EXECUTE FUNCTION notify_change();
      CREATE TRIGGER notify_end AFTER INSERT OR UPDATE ON break FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL) EXECUTE FUNCTION notify_change();
      CREATE TRIGGER notify_stored AFTER INSERT ON auditor_permit FOR EACH ROW EXECUTE FUNCTION notify_change();
      CREATE TRIGGER notify_changed AFTER UPDATE ON auditor_permit FOR EACH ROW WHEN (OLD.permit <> NEW.permit OR OLD.number <> NEW.number) EXECUTE FUNCTION notify_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER notify_changed ON auditor_permit;
      DROP TRIGGER notify_stored ON auditor_permit;
      DROP TRIGGER notify_end ON break;
      DROP TRIGGER notify_end ON halt;
      DROP FUNCTION notify_change;
    `);
  }
}
