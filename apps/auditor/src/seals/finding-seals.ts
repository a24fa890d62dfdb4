import { Injectable } from '@nestjs/common';
import { Database, rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop, monotonicMs } from '@sluice/runtime';
import {
  type EndedTable,
  Health,
  InjectLogger,
  LoopingService,
  type Logger,
  RecordSeals,
  SealedEnds,
  type SealedField,
} from '@sluice/service-shell';
import { Gauge } from 'prom-client';
import { alteredFindings, sealedFields, type SealedFinding } from './altered-findings.js';
import { ALL_SEALS, KEEP_SEALS, OPEN_ALTERED, OPENED_NOW, TAKE_NUMBERS } from './seal-sql.js';

const EVERY_MS = 5_000;
const LATE_MS = 30_000;
const KIND = 'finding opened';

const CLOSINGS: EndedTable = {
  table: 'finding',
  idType: 'bigint',
  sealed: [
    'id',
    'kind',
    'subject',
    'scope',
    'target',
    'closed_at',
    'closed_by',
    'close_approved_by',
    'close_reason',
  ],
  ending: ['closed_at', 'closed_by', 'close_approved_by', 'close_reason'],
};

type Query = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

/**
 * Seals and numbers of findings. The database never holds the key: its logins cannot change, remove
 * or close a finding unnoticed.
 */
@Injectable()
export class FindingSeals extends LoopingService {
  protected readonly loop: BackgroundLoop;
  private readonly ends: SealedEnds;
  /** Largest number seen by this process. */
  private remembered = 0;
  private completedAtMs = monotonicMs();

  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly seals: RecordSeals,
    health: Health,
    @InjectLogger() private readonly logger: Logger,
  ) {
    super();
    this.ends = new SealedEnds(CLOSINGS, {
      database,
      seals,
      logger,
      onForged: (forged) =>
        this.report([
          {
            subject: `closing of ${forged['id']} at ${forged['closed_at']}`,
            evidence: { because: 'the closing has no valid seal', ...forged },
          },
        ]),
    });
    this.loop = BackgroundLoop.every(EVERY_MS, 'seals of the findings', logger, () => this.look());
    health.add('seals of the findings', () => this.faults());
    const last = (): number => this.remembered;
    new Gauge({
      name: 'sluice_auditor_last_finding_number',
      help: 'Largest number of a finding that this process has seen; a smaller number after a restart shows removed findings',
      collect() {
        this.set(last());
      },
    });
  }

  /** Numbers and seals the findings that this transaction has opened; at its end. */
  async sealNew(query: Query): Promise<void> {
    const opened = await query<{ id: string; content: readonly SealedField[] }>(OPENED_NOW);
    if (opened.length === 0) return;
    const [taken] = await query<{ last: number }>(TAKE_NUMBERS, [opened.length]);
    if (!taken) throw new Error('the table finding_counter has no row');
    const first = taken.last - opened.length + 1;
    const rows = opened.map(({ id, content }, at) => {
      const number = first + at;
      return { id, number, seal: this.seals.seal(KIND, sealedFields(number, content)) };
    });
    await query(KEEP_SEALS, [rowsJson(rows)]);
  }

  /** Seals the closing of a finding, in the transaction of the closing. */
  sealClosing(tx: Pick<Tx, 'query'>, id: string): Promise<void> {
    return this.ends.seal(tx, id);
  }

  /** Verifies every finding and closing. A forged closing is undone. */
  async look(): Promise<void> {
    await this.ends.look();
    const [row] = await this.database.query<{ last: number; findings: readonly SealedFinding[] }>(
      ALL_SEALS,
    );
    const { last = 0, findings = [] } = row ?? {};
    const altered = alteredFindings({
      findings,
      last,
      remembered: this.remembered,
      isSealed: ({ number, content, seal }) =>
        number !== null && this.seals.isSealed(KIND, sealedFields(number, content), seal),
    });
    if (altered.length > 0) await this.report(altered);
    if (last > this.remembered)
      this.logger.info({ last_finding_number: last }, 'the findings have this last number');
    this.remembered = Math.max(this.remembered, last);
    this.completedAtMs = monotonicMs();
  }

  private report(
    altered: readonly { subject: string; evidence: Readonly<Record<string, unknown>> }[],
  ): Promise<void> {
    return this.unitOfWork.run(async (tx) => {
      await tx.query(OPEN_ALTERED, [rowsJson(altered)]);
      await this.sealNew((sql, params) => tx.query(sql, params));
    });
  }

  private faults(): string[] {
    const ageMs = monotonicMs() - this.completedAtMs;
    return ageMs > LATE_MS
      ? [`seals of the findings: verified ${Math.round(ageMs / 1_000)} s ago`]
      : [];
  }
}
