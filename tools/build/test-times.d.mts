export interface FileTime {
  readonly stage: string;
  readonly project: string;
  readonly file: string;
  readonly seconds: number;
}

export function timesOf(
  stage: string,
  project: string,
  report: {
    readonly testResults: readonly {
      readonly name: string;
      readonly startTime: number;
      readonly endTime: number;
    }[];
  },
): FileTime[];
export function timeTables(times: readonly FileTime[]): string[];
