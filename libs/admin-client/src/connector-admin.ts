import type {
  AwaitedDto,
  BreakDto,
  CaseDto,
  CloseBreakDto,
  DecidedDto,
  DecideDto,
  SetVenueAssetDto,
  SubmissionDto,
  SubmissionHistoryDto,
  SubmissionsQuery,
  UnclaimedRecordDto,
  VenueAssetDto,
} from '@sluice/http-api';
import { path } from './admin-http.js';
import { HaltingAdmin } from './halting-admin.js';

/** Client of a connector's admin API. */
export class ConnectorAdmin extends HaltingAdmin {
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

  breaks(): Promise<readonly BreakDto[]> {
    return this.http.list('/internal/breaks');
  }

  showBreak(id: string): Promise<BreakDto> {
    return this.http.get(path`/internal/breaks/${id}`);
  }

  closeBreak(id: string, closing: CloseBreakDto): Promise<BreakDto> {
    return this.http.post(path`/internal/breaks/${id}/close`, closing);
  }

  assets(): Promise<readonly VenueAssetDto[]> {
    return this.http.list('/internal/assets');
  }

  setAsset(asset: SetVenueAssetDto): Promise<VenueAssetDto | AwaitedDto> {
    return this.http.post('/internal/assets', asset);
  }

  unclaimedRecords(): Promise<readonly UnclaimedRecordDto[]> {
    return this.http.list('/internal/halts/records');
  }
}
