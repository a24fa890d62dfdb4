import type { AuditFindingDto, AwaitedDto, CloseAuditFindingDto } from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** Client of the auditor's admin API, in addition to the common part. */
export class AuditorAdmin extends ServiceAdmin {
  findings(): Promise<readonly AuditFindingDto[]> {
    return this.http.list('/internal/findings');
  }

  showFinding(id: string): Promise<AuditFindingDto> {
    return this.http.get(path`/internal/findings/${id}`);
  }

  closeFinding(id: string, closing: CloseAuditFindingDto): Promise<AuditFindingDto | AwaitedDto> {
    return this.http.post(path`/internal/findings/${id}/close`, closing);
  }
}
