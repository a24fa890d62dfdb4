import type { EntityClass } from '@sluice/postgres';
import { DecisionEntity } from '../admin/decision.entity.js';
import { SubmissionCaseEntity } from '../cases/submission-case.entity.js';
import { HaltEntity } from '../halt/halt.entity.js';

export const CONNECTOR_ENTITIES: readonly EntityClass[] = [
  HaltEntity,
  SubmissionCaseEntity,
  DecisionEntity,
];
