import type { MigrationClass } from '@sluice/postgres';
import { Intake1797000000010 } from './migrations/1797000000010-intake.migration.js';

export const INTAKE_MIGRATIONS: readonly MigrationClass[] = [Intake1797000000010];
