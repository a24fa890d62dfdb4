// Checksum of each migration by class name, with its SQL file. The checksum covers the migration's
// effect: comments and layout may change.
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function migrationChecksums(cwd = '.') {
  const files = globSync('{apps,libs}/*/src/**/*.migration.ts', { cwd }).sort();
  return Object.fromEntries(
    files.map((file) => {
      const source = readFileSync(`${cwd}/${file}`, 'utf8');
      const [, name = file] =
        /^export class (\w+) implements MigrationInterface/m.exec(source) ?? [];
      const [, sql] = /new URL\('([^']+\.sql)'/.exec(source) ?? [];
      const statements = sql ? readFileSync(join(cwd, dirname(file), sql), 'utf8') : '';
      return [name, checksum(source + statements.replace(/^\s*--.*$/gm, ''))];
    }),
  );
}

function checksum(source) {
  const bare = source.replace(/\/\*\*[^]*?\*\//g, '').replace(/\s+/g, '');
  return createHash('sha256').update(bare).digest('hex').slice(0, 32);
}
