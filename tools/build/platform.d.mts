export function refusalOn(
  platform: string,
  command: string,
  args: readonly string[],
): string | undefined;
