import { Injectable } from '@nestjs/common';
import type { FindingDto, UnknownDto } from '@sluice/http-api';

export type SelfCheckFinding = FindingDto;

export interface SelfCheckResult {
  readonly findings?: readonly SelfCheckFinding[];
  /** Facts unknowable to the service, as sentences. */
  readonly untold?: readonly string[];
}

/** A check of the service's surroundings. Throws if the check cannot run. */
export interface SelfCheck {
  readonly name: string;
  look(): Promise<SelfCheckResult>;
}

interface SelfCheckReport {
  readonly checked: readonly string[];
  readonly findings: readonly SelfCheckFinding[];
  readonly unchecked: readonly UnknownDto[];
  readonly untold: readonly UnknownDto[];
}

type CheckOutcome = SelfCheckReport;

const WITHIN_MS = 10_000;
const NOTHING: CheckOutcome = { checked: [], findings: [], unchecked: [], untold: [] };

/** Self-checks with the service's own credentials, on request; concurrent requests share a run. */
@Injectable()
export class SelfChecks {
  private readonly checks: SelfCheck[] = [];
  private running: Promise<SelfCheckReport> | null = null;

  add(...checks: readonly SelfCheck[]): void {
    this.checks.push(...checks);
  }

  run(): Promise<SelfCheckReport> {
    this.running ??= this.runAll().finally(() => (this.running = null));
    return this.running;
  }

  private async runAll(): Promise<SelfCheckReport> {
    const outcomes = await Promise.all(this.checks.map(outcomeOf));
    return {
      checked: outcomes.flatMap(({ checked }) => checked),
      findings: outcomes.flatMap(({ findings }) => findings),
      unchecked: outcomes.flatMap(({ unchecked }) => unchecked),
      untold: outcomes.flatMap(({ untold }) => untold),
    };
  }
}

async function outcomeOf(check: SelfCheck): Promise<CheckOutcome> {
  const what = check.name;
  try {
    const { findings = [], untold = [] } = await inTime(check.look());
    return {
      ...NOTHING,
      checked: [what],
      findings,
      untold: untold.map((because) => ({ what, because })),
    };
  } catch (error) {
    return { ...NOTHING, unchecked: [{ what, because: (error as Error).message }] };
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it took longer than ${WITHIN_MS / 1_000} s`)),
      WITHIN_MS,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
