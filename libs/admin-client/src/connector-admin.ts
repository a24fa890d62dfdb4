import type {
  AwaitedDto,
  CaseDto,
  DecidedDto,
  DecideDto,
  HaltDto,
  LiftHaltDto,
  OpenHaltDto,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionsQuery,
  UnclaimedRecordDto,
} from '@sluice/admin-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** What a connector answers operators. */
export class ConnectorAdmin extends ServiceAdmin {
  submissions({ state }: SubmissionsQuery = {}): Promise<readonly SubmissionDto[]> {
    return this.http.list('/internal/submissions', { state });
  }

  submission(withdrawalId: string): Promise<SubmissionHistoryDto> {
    return this.http.get(path`/internal/submissions/${withdrawalId}`);
  }

  decide(withdrawalId: string, decision: DecideDto): Promise<DecidedDto | AwaitedDto> {
    return this.http.post(path`/internal/submissions/${withdrawalId}/decision`, decision);
  }

  cases(): Promise<readonly CaseDto[]> {
    return this.http.list('/internal/cases');
  }

  halts(): Promise<readonly HaltDto[]> {
    return this.http.list('/internal/halts');
  }

  unclaimedRecords(): Promise<readonly UnclaimedRecordDto[]> {
    return this.http.list('/internal/halts/records');
  }

  openHalt(halt: OpenHaltDto): Promise<HaltDto> {
    return this.http.post('/internal/halts', halt);
  }

  liftHalt(id: string, lift: LiftHaltDto): Promise<HaltDto> {
    return this.http.post(path`/internal/halts/${id}/lift`, lift);
  }
}
