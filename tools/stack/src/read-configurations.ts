import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { isSecretVariable } from './secret-variables.js';
import type { ServiceName } from './services.js';
import type { Environment } from './system/service-environment.js';

/** One service with the environment that it is asked to start with. */
export interface Reading {
  readonly service: ServiceName;
  readonly env: Environment;
}

// Nobody may import an app: a process of its own reads what is built of it.
const SCRIPT = `
const { readFileSync } = await import('node:fs');
const said = [];
for (const { service, env } of JSON.parse(readFileSync(0, 'utf8'))) {
  const [read] = Object.entries(await import(process.cwd() + '/apps/' + service + '/dist/config.js'))
    .filter(([name]) => name.endsWith('Config')).map(([, value]) => value);
  try { read(env); said.push(null); } catch (error) { said.push(error.name + ' ' + error.message); }
}
console.log(JSON.stringify(said));`;

/** What each of them says when it reads its configuration; null where it would start. */
export function readConfigurations(readings: readonly Reading[]): readonly (string | null)[] {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    input: JSON.stringify(readings),
    cwd: workspaceRoot(),
    encoding: 'utf8',
  });
  return JSON.parse(out) as (string | null)[];
}

/** The same with each secret in a file of the folder, as production wants it. */
export function withSecretsInFiles(env: Environment, folder: string): Environment {
  const home = mkdtempSync(join(folder, 'secrets-'));
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => {
      if (!isSecretVariable(name) || value === '') return [name, value];
      const path = join(home, name);
      writeFileSync(path, `${value}\n`);
      chmodSync(path, 0o400);
      return [`${name}_FILE`, path];
    }),
  );
}
