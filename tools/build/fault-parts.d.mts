export function partOfDay(now: Date): string;
export function filesOfPart(
  part: string,
  files?: readonly string[],
  seconds?: Readonly<Record<string, number>>,
): string[];
