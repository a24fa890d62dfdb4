import 'reflect-metadata';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkInvariants, Database, migrate } from '@sluice/postgres';
import { createServiceApp } from '@sluice/service-shell';
import { testPlatform } from '@sluice/service-shell/testing';
import { testMessageKeysText } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  freePort,
  LocalIssuer,
  newDataFolder,
  TEST_LOGIN,
  testDatabase,
} from '@sluice/test-servers';
import { consoleConfig } from '../config.js';
import { consoleService, INVARIANTS } from '../console.service.js';
import { CONSOLE_SCHEMA } from '../postgres/schema.js';
import { Browser } from './browser.js';
import { smallService } from './small-service.js';

/** Returns the URL of a migrated database. */
export async function migrated(): Promise<string> {
  const url = await testDatabase('console');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: CONSOLE_SCHEMA });
  return url;
}

export function consoleEnv(url: string, issuer: LocalIssuer): Record<string, string> {
  return {
    PORT: '0',
    INTERNAL_PORT: '0',
    DATABASE_URL: asService(url),
    MESSAGE_KEYS: testMessageKeysText('console'),
    OIDC_ISSUER: issuer.url,
    OIDC_CLIENT_ID: 'sluice-console',
    OIDC_CLIENT_SECRET: issuer.consoleSecret,
    SESSIONS_KEK: Buffer.alloc(32, 'kek of the console').toString('base64'),
    CONSOLE_URL: 'http://localhost:1',
    SERVICES: '{"ledger":"http://127.0.0.1:1"}',
  };
}

/** Writes a page with a script, and returns the folder. */
function testPage(): string {
  const folder = newDataFolder('console-page');
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><script type="module" nonce="__NONCE__" src="/assets/app-1.js"></script>',
  );
  writeFileSync(join(folder, 'assets', 'app-1.js'), 'export {};');
  return folder;
}

interface GivenOptions {
  readonly url?: string;
  readonly issuer?: LocalIssuer;
  readonly env?: Readonly<Record<string, string>>;
  /** Port of the console, for a second instance behind the same address. */
  readonly consoleUrl?: string;
}

/** A console on a migrated database, with a real issuer and a small real service. */
export async function givenConsole(options: GivenOptions = {}) {
  const url = options.url ?? (await migrated());
  const issuer = options.issuer ?? (await LocalIssuer.start());
  const ledger = await smallService();
  const port = await freePort();
  const consoleUrl = options.consoleUrl ?? `http://localhost:${port}`;
  const config = consoleConfig({
    ...consoleEnv(url, issuer),
    CONSOLE_URL: consoleUrl,
    SERVICES: JSON.stringify({ ledger: ledger.url, webhooks: 'http://127.0.0.1:1' }),
    ...options.env,
  });
  const open = (login: string) => Database.open({ url: login, name: 'console-test' });
  const [service, database] = await Promise.all([open(asService(url)), open(url)]);
  const app = await createServiceApp(
    { ...consoleService(config, testPage()), internalPort: 1 },
    testPlatform('console', service, config.messageKeys),
  );
  await app.listen(port, '127.0.0.1');
  const { port: bound } = app.getHttpServer().address() as AddressInfo;
  const origin = `http://127.0.0.1:${bound}`;
  return {
    url,
    app,
    issuer,
    ledger,
    database,
    consoleUrl,
    origin,
    browser: (jar?: Map<string, string>) => new Browser({ consoleUrl, origin, issuer, jar }),
    /** A browser in which the person is logged in. */
    as: async (person: string) => {
      const browser = new Browser({ consoleUrl, origin, issuer });
      await browser.logIn(person);
      return browser;
    },
    /** Moves the sessions into the past: an end is reached by a change of the row, not by waiting. */
    shift: (set: string) => database.query(`UPDATE session SET ${set}`),
    violations: async () => (await checkInvariants(database, INVARIANTS)).violations,
    close: async () => {
      await app.close();
      await Promise.all([service.close(), database.close(), ledger.close()]);
      if (options.issuer === undefined) await issuer.stop();
    },
  };
}

export type TestConsole = Awaited<ReturnType<typeof givenConsole>>;
