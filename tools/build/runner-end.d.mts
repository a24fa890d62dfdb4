export interface RunnerEnd {
  readonly status: number | null;
  readonly signal: string | null;
  readonly error?: Error & { readonly code?: string };
}

export function faultOfRunner(end: RunnerEnd, hasReport: boolean): string | undefined;
export function endOf(text: string, lines: number): string;
