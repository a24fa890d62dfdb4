import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { rowsJson } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import {
  InjectPlatform,
  type Platform,
  RecordSeals,
  type SealedField,
} from '@sluice/service-shell';
import {
  FindingClosings,
  KEEP_SEALS,
  NOTIFY_FINDINGS,
  OPEN_ALTERED,
  OPENED_NOW,
  SEALED_FINDINGS,
  TAKE_NUMBERS,
} from './finding-closings.js';

/** The loop of the comparison may be a little early. */
const EVERY_MS = 4_500;
const LATE_MS = 30_000;
const KIND = 'finding opened';

type SealingPlatform = Pick<Platform, 'database' | 'unitOfWork' | 'health' | 'logger'>;
type RunQuery = <R>(sql: string, params?: readonly unknown[]) => Promise<R[]>;

/**
 * Seals and numbers of findings, under a key the database never has; verified by every comparison.
 */
@Injectable()
export class FindingSeals {
  private readonly database: SealingPlatform['database'];
  private readonly unitOfWork: SealingPlatform['unitOfWork'];
  private readonly logger: SealingPlatform['logger'];
  /** Largest number seen by this process. */
  private remembered = 0;
  private completedAtMs = monotonicMs();

  constructor(
    @InjectPlatform() platform: SealingPlatform,
    private readonly seals: RecordSeals,
    closings: FindingClosings,
  ) {
    const { database, unitOfWork, health, logger } = platform;
    [this.database, this.unitOfWork, this.logger] = [database, unitOfWork, logger];
    closings.onForged = (forged) =>
      this.report([
        {
          subject: `closing of ${String(forged['id'])} at ${String(forged['closed_at'])}`,
          evidence: { because: 'the closing has no valid seal', ...forged },
        },
      ]);
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

  async sealNew(query: RunQuery): Promise<void> {
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
    await query(NOTIFY_FINDINGS);
  }

  /** True if the last verification is older than its interval. */
  get isDue(): boolean {
    return monotonicMs() - this.completedAtMs >= EVERY_MS;
  }

  async look(): Promise<void> {
    const [table] = await this.database.query<SealedTable>(SEALED_FINDINGS);
    if (!table) throw new Error('the table finding_counter has no row');
    await this.verify(table);
  }

  async verify({ last, findings }: SealedTable): Promise<void> {
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

export interface SealedFinding {
  readonly id: string;
  readonly number: number | null;
  readonly content: readonly SealedField[];
  readonly seal: string | null;
}

export interface SealedTable {
  readonly last: number;
  readonly findings: readonly SealedFinding[];
}

interface AlteredFinding {
  readonly subject: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

interface Seen {
  readonly findings: readonly SealedFinding[];
  readonly last: number;
  readonly remembered: number;
  readonly isSealed: (finding: SealedFinding) => boolean;
}

/** The database may claim any last number. */
const MOST_MISSING = 100;

/**
 * Findings without a valid seal and missing numbers. Each change has another subject: a closed
 * report hides none.
 */
export function alteredFindings({
  findings,
  last,
  remembered,
  isSealed,
}: Seen): readonly AlteredFinding[] {
  const numbers = new Set(findings.map(({ number }) => number));
  const end = Math.max(last, remembered);
  const missing: number[] = [];
  for (let number = 1; number <= end && missing.length < MOST_MISSING; number++)
    if (!numbers.has(number)) missing.push(number);
  return [
    ...findings
      .filter((finding) => !isSealed(finding))
      .map((finding) => ({
        subject: `finding ${finding.id} as ${digestOf(finding)}`,
        evidence: { because: 'the finding has no valid seal', ...finding },
      })),
    ...missing.map((number) => ({
      subject: `number ${number}`,
      evidence: { because: 'the finding with this number is missing', last, remembered },
    })),
  ];
}

function sealedFields(
  number: number | null,
  content: readonly SealedField[],
): readonly SealedField[] {
  return [number === null ? null : String(number), ...content];
}

function digestOf({ number, content, seal }: SealedFinding): string {
  return createHash('sha256')
    .update(JSON.stringify([number, content, seal]))
    .digest('hex')
    .slice(0, 16);
}
