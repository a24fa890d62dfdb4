import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Checksum of each migration by class name, with the migration's SQL file. The checksum covers the
 * effect: comments and layout may change.
 */
export function migrationChecksums(root: string): Readonly<Record<string, string>> {
  const files = globSync('{apps,libs}/*/src/**/*.migration.ts', { cwd: root }).sort();
  return Object.fromEntries(
    files.map((file) => {
      const source = readFileSync(join(root, file), 'utf8');
      const [, name = file] = /^export class (\w+)/m.exec(source) ?? [];
      const [, sql] = /new URL\('([^']+\.sql)'/.exec(source) ?? [];
      const statements =
        sql === undefined ? '' : readFileSync(join(root, dirname(file), sql), 'utf8');
      return [name, checksum(source + statements.replace(/^\s*--.*$/gm, ''))];
    }),
  );
}

/** Names of released migrations that were changed or removed. Databases have these migrations. */
export function changedMigrations(
  released: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys(released).filter((name) => now[name] !== released[name]);
}

function checksum(source: string): string {
  const bare = source.replace(/\/\*\*[^]*?\*\//g, '').replace(/\s+/g, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 32);
}
