import type { MigrationClass } from '@sluice/postgres';
import { Intake1795680001000 } from './migrations/1795680001000-intake.migration.js';

export const INTAKE_MIGRATIONS: readonly MigrationClass[] = [Intake1795680001000];
