export function refusalOn(
  platform: string,
  command: string,
  args: readonly string[],
): string | undefined;

export function refusalIn(root: string): string | undefined;
