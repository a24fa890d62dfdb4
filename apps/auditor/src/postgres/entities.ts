import type { EntityClass } from '@sluice/postgres';
import { FindingEntity } from '../findings/finding.entity.js';

export const AUDITOR_ENTITIES: readonly EntityClass[] = [FindingEntity];
