// Writes deploy/last-release.json for a new release, after the build: `node
// tools/build/note-release.mjs 0.3.0`. Afterwards the migrations of the release never change. The
// release must be able to run with the next release's migrations (libs/postgres).
import { execFileSync } from 'node:child_process';
import { globSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { listRights, rightInWords, withPlatform } from '@sluice/postgres';
import { migrationChecksums } from './migration-checksums.mjs';

const [release] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(release ?? '')) {
  console.error('usage: node tools/build/note-release.mjs VERSION, such as 0.3.0');
  process.exit(2);
}

// The tag comes later; `npm run upgrade` starts at this commit where the tag is missing.
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim();
const record = { release, commit, migrations: migrationChecksums(), rights: await rights() };
writeFileSync('deploy/last-release.json', `${JSON.stringify(record, null, 2)}\n`);
console.log(
  `deploy/last-release.json: ${release}, ${Object.keys(record.migrations).length} migrations`,
);

async function rights() {
  const all = {};
  for (const file of globSync('{apps,libs}/*/dist/**/schema.js').sort()) {
    const exports = await import(pathToFileURL(file).href);
    for (const [name, schema] of Object.entries(exports)) {
      if (!name.endsWith('_SCHEMA')) continue;
      all[name] = listRights(withPlatform(schema).rights).map(rightInWords).sort();
    }
  }
  return all;
}
