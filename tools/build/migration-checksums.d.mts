export function migrationChecksums(cwd?: string): Readonly<Record<string, string>>;
