export { AdminController } from './admin-controller.js';
export {
  AccountBalanceDto,
  AccountParams,
  AccountRowDto,
  CreateAccountDto,
  CreatedAccountDto,
} from './intake/account.dto.js';
export {
  ApiKeyDto,
  ApiKeyParams,
  CreateApiKeyDto,
  CreatedApiKeyDto,
  PERMISSIONS,
  RevokedApiKeyDto,
  type Permission,
} from './intake/api-key.dto.js';
export { AccountFundingDto, FundAccountDto } from './intake/funding.dto.js';
export { RouteDto, RouteVenueDto, SetRouteDto } from './intake/route.dto.js';
export {
  WithdrawalCaseDto,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalParams,
  WithdrawalRowDto,
  WithdrawalStepDto,
} from './intake/withdrawal.dto.js';
export { OPERATOR_TOKEN, OperatorGuard, type OperatorToken } from './operator.guard.js';
export {
  DeadLetterDto,
  DeadLetterParams,
  ReplayedDeadLetterDto,
} from './platform/dead-letter.dto.js';
export { InvariantReportDto, ViolationDto } from './platform/invariant-report.dto.js';
export { BatchParams, SkipBatchDto, SkippedBatchDto } from './platform/skipped-batch.dto.js';
