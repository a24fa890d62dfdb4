import { HaltEntity } from '@sluice/service-shell';
import type { EntityClass } from '@sluice/postgres';
import { DecisionEntity } from '../admin/decision.entity.js';
import { BreakEntity } from '../breaks/break.entity.js';
import { SubmissionCaseEntity } from '../cases/submission-case.entity.js';

export const CONNECTOR_ENTITIES: readonly EntityClass[] = [
  HaltEntity,
  BreakEntity,
  SubmissionCaseEntity,
  DecisionEntity,
];
