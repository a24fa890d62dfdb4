export { AdminController } from './admin-controller.js';
export { CaseDto } from './connector/case.dto.js';
export {
  HaltDto,
  HaltParams,
  LiftHaltDto,
  OpenHaltDto,
  UnclaimedRecordDto,
} from './connector/halt.dto.js';
export {
  AttemptDto,
  DecidedDto,
  DecideDto,
  DecisionDto,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionParams,
  SubmissionsQuery,
} from './connector/submission.dto.js';
export { OPERATOR_TOKEN, OperatorGuard, type OperatorToken } from './operator.guard.js';
export {
  DeadLetterDto,
  DeadLetterParams,
  ReplayedDeadLetterDto,
} from './platform/dead-letter.dto.js';
export { InvariantReportDto, ViolationDto } from './platform/invariant-report.dto.js';
export { BatchParams, SkipBatchDto, SkippedBatchDto } from './platform/skipped-batch.dto.js';
