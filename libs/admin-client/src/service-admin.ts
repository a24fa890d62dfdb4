import type {
  ApprovalDto,
  ApprovedDto,
  AuditEntryDto,
  AuditHeadDto,
  AuditProofDto,
  AuditQuery,
  BatchParams,
  CallerDto,
  DeadLetterDto,
  DismissDeadLetterDto,
  DismissedDeadLetterDto,
  InvariantReportDto,
  Page,
  ReplayedDeadLetterDto,
  SelfCheckDto,
  SkipBatchDto,
  SkippedBatchDto,
} from '@sluice/http-api';
import { AdminHttp, path, type AdminTarget } from './admin-http.js';

/** Readiness of a service. `faults` has a sentence for each reason against readiness. */
export interface Readiness {
  readonly ready: boolean;
  readonly faults: readonly string[];
}

/** Answer of `/readyz` at the port for operators. */
interface ReadinessReport {
  readonly error?: Readonly<Record<string, { readonly faults?: readonly string[] }>>;
}

/** Timeout for invariants: on a big database they take longer than a query for a single row. */
const INVARIANTS_WITHIN_MS = 120_000;
/** Timeout of the self-check: each of the checks may take ten seconds. */
const SELF_CHECK_WITHIN_MS = 30_000;

/** Client of the admin API common to all services. */
export class ServiceAdmin {
  readonly http: AdminHttp;

  constructor(target: AdminTarget) {
    this.http = new AdminHttp(target);
  }

  whoami(): Promise<CallerDto> {
    return this.http.get('/internal/whoami');
  }

  selfCheck(): Promise<SelfCheckDto> {
    return this.http.get('/internal/self-check', {}, SELF_CHECK_WITHIN_MS);
  }

  invariants(): Promise<InvariantReportDto> {
    return this.http.get('/internal/invariants', {}, INVARIANTS_WITHIN_MS);
  }

  deadLetters(): Promise<readonly DeadLetterDto[]> {
    return this.http.list('/internal/dead-letters');
  }

  replayDeadLetter(id: string): Promise<ReplayedDeadLetterDto> {
    return this.http.post(path`/internal/dead-letters/${id}/replay`);
  }

  dismissDeadLetter(id: string, why: DismissDeadLetterDto): Promise<DismissedDeadLetterDto> {
    return this.http.post(path`/internal/dead-letters/${id}/dismissal`, why);
  }

  skippedBatches(): Promise<readonly SkippedBatchDto[]> {
    return this.http.list('/internal/kafka/skipped');
  }

  skipBatch(
    { topic, partition, offset }: BatchParams,
    decision: SkipBatchDto,
  ): Promise<SkippedBatchDto> {
    return this.http.post(path`/internal/kafka/${topic}/${partition}/${offset}/skip`, decision);
  }

  /** The newest first. */
  auditEntries(query: AuditQuery = {}): Promise<Page<AuditEntryDto>> {
    return this.http.page('/internal/audit', { ...query });
  }

  proveAudit(heads: readonly AuditHeadDto[] = []): Promise<AuditProofDto> {
    return this.http.post('/internal/audit/proof', { heads }, INVARIANTS_WITHIN_MS);
  }

  approvals(): Promise<readonly ApprovalDto[]> {
    return this.http.list('/internal/approvals');
  }

  /** Approves a request of another person and executes the request. */
  approve(id: string): Promise<ApprovedDto> {
    return this.http.post(path`/internal/approvals/${id}`);
  }

  async readiness(): Promise<Readiness> {
    const { status, text } = await this.http.send({ method: 'GET', path: '/readyz' });
    const { error = {} } = JSON.parse(text) as ReadinessReport;
    return {
      ready: status === 200,
      faults: Object.values(error).flatMap(({ faults = [] }) => faults),
    };
  }

  async metrics(): Promise<string> {
    return (await this.http.send({ method: 'GET', path: '/metrics' })).text;
  }
}
