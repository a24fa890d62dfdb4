import { PLATFORM_MIGRATIONS, type MigrationClass } from '@sluice/postgres';
import { DataSource } from 'typeorm';

/** Connects to a database after the platform's migrations and the given migrations. */
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
