export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly string[];
  /** Skipped and planned tests, by name. */
  readonly omissions: readonly string[];
}

export interface JestReport {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export const NOTHING: Counts;
export function countReport(report: JestReport): Counts;
export function countProject(kind: string, project: string): Counts;
export function noteOf(kind: string, project: string): string;
export function notesOf(kind: string, projects: readonly string[]): string[];
export function addUp(counts: readonly Counts[]): Counts;
