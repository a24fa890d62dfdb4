import type { MigrationClass } from '@sluice/postgres';
import { Intake1763600001000 } from './1763600001000-intake.migration.js';

export const INTAKE_MIGRATIONS: readonly MigrationClass[] = [Intake1763600001000];
