import type { EntityClass } from '@sluice/postgres';
import { FindingEntity } from '../findings/finding.entity.js';

/** Tables with rows administered individually. */
export const AUDITOR_ENTITIES: readonly EntityClass[] = [FindingEntity];
