import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { isSecretVariable } from './tables/credentials.js';
import type { ServiceName } from './tables/services.js';
import { appOf } from './tables/venues.js';
import type { Environment } from './system/service-environment.js';

/** A service and the environment for reading the configuration. */
interface Reading {
  readonly service: ServiceName;
  readonly env: Environment;
}

// Apps must not be imported. A separate process reads the built configuration instead.
const SCRIPT = `
const { readFileSync } = await import('node:fs');
const errors = [];
for (const { app, env } of JSON.parse(readFileSync(0, 'utf8'))) {
  const [read] = Object.entries(await import(process.cwd() + '/apps/' + app + '/dist/config.js'))
    .filter(([name]) => name.endsWith('Config')).map(([, value]) => value);
  try { read(env); errors.push(null); } catch (error) { errors.push(error.name + ' ' + error.message); }
}
console.log(JSON.stringify(errors));`;

/**
 * Returns the error of each service on reading the configuration, or null if the service would
 * start.
 */
export function readConfigurations(readings: readonly Reading[]): readonly (string | null)[] {
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    input: JSON.stringify(readings.map(({ service, env }) => ({ app: appOf(service), env }))),
    cwd: workspaceRoot(),
    env: process.env,
    encoding: 'utf8',
  });
  return JSON.parse(out) as (string | null)[];
}

/**
 * Returns the environment with each secret moved to a file in the folder, as required in
 * production.
 */
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
