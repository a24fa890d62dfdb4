import { PLATFORM_MIGRATIONS, type MigrationClass } from '@sluice/postgres';
import { DataSource } from 'typeorm';

/** A connection to a database as the platform's migrations and these leave it. */
export async function migratedTo(
  url: string,
  migrations: readonly MigrationClass[],
): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url,
    migrations: [...PLATFORM_MIGRATIONS, ...migrations],
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  await dataSource.runMigrations();
  return dataSource;
}
