import { SimulatorControl } from '@sluice/test-kit';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  layoutOf,
  openSite,
  simulatedOf,
  SIMULATED_NAMES,
  writeWalletFiles,
  type Environment,
} from '@sluice/stack';
import { LocalIssuer, startGuard, workspaceRoot } from '@sluice/test-servers';
import { DEVIATIONS } from './settings.js';
import { environments } from './environments.js';
import { EVERYTHING } from './names.js';

/** The simulator makes Upvest's at its start. */
const PRIVATE_KEY = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

interface Set {
  readonly service: string;
  readonly variable: string;
  /** `needed`: the service does not start without it; `other`: it is not the default; `same`: it is. */
  readonly is: 'needed' | 'other' | 'same';
}

// No project imports an app: a separate process reads the built configuration, with and without each variable.
const SCRIPT = `
const { readFileSync } = await import('node:fs');
const { isDeepStrictEqual } = await import('node:util');
const found = [];
const shown = (config) =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [name, value?.reveal?.() ?? value]));
for (const { service, env } of JSON.parse(readFileSync(0, 'utf8'))) {
  const [read] = Object.entries(await import(process.cwd() + '/apps/' + service + '/dist/config.js'))
    .filter(([name]) => name.endsWith('Config')).map(([, value]) => value);
  const given = shown(read(env));
  for (const variable of Object.keys(env)) {
    const { [variable]: _left, ...others } = env;
    let is = 'needed';
    try { is = isDeepStrictEqual(shown(read(others)), given) ? 'same' : 'other'; } catch {}
    found.push({ service, variable, is });
  }
}
console.log(JSON.stringify(found));`;

describe('the settings that the nemesis gives to services', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-defaults-'));
  let found: readonly Set[];
  beforeAll(async () => {
    const given = await everyEnvironment(folder);
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      input: JSON.stringify(given),
      cwd: workspaceRoot(),
      encoding: 'utf8',
    });
    found = JSON.parse(output) as readonly Set[];
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are production's defaults, but for what is listed with its reason", () => {
    const others = found.filter(({ is, variable }) => is !== 'same' && !(variable in DEVIATIONS));

    expect(others).toEqual([]);
  });

  it('are listed only where they differ', () => {
    const differing = new Set(found.filter(({ is }) => is !== 'same').map((one) => one.variable));

    expect(Object.keys(DEVIATIONS).filter((name) => !differing.has(name))).toEqual([]);
  });

  it('are addresses, credentials and keys: no time limit and no safety setting', () => {
    const names = Object.keys(DEVIATIONS);

    expect(
      names.filter((name) => /_MS$|_DAYS$|_HOURS$|CEILINGS|LIMITS|EXPOSURE|HALT/.test(name)),
    ).toEqual([]);
    for (const [name, reason] of Object.entries(DEVIATIONS))
      expect(`${name}: ${reason}`).toMatch(
        /: (an address|addresses|a credential|a key|keys|an allowance of the venue account|planted losses)/,
      );
  });
});

async function everyEnvironment(
  folder: string,
): Promise<readonly { readonly service: string; readonly env: Environment }[]> {
  const site = await openSite({ layout: layoutOf(folder), guard: startGuard() });
  const { layout, secrets, ports } = site;
  writeWalletFiles(layout, secrets, () => 'http://127.0.0.1:1');
  const issuer = await LocalIssuer.start();
  try {
    const system = {
      scope: EVERYTHING,
      ports: { 1: ports, 2: ports },
      site,
      issuer,
      book: (venue: (typeof SIMULATED_NAMES)[number]) => new BookOf(venue),
    };
    const wiring = {
      brokers: ['127.0.0.1:1'],
      databasePorts: new Map(),
      venuePorts: new Map(SIMULATED_NAMES.map((venue) => [venue, 1])),
    };
    const specs = environments(system, wiring);
    return await Promise.all(
      specs.map(async ({ name, environment }) => ({ service: name, env: await environment() })),
    );
  } finally {
    await issuer.stop();
  }
}

/** What a simulator hands out, without one. */
class BookOf extends SimulatorControl {
  constructor(private readonly venue: (typeof SIMULATED_NAMES)[number]) {
    super('http://127.0.0.1:1');
  }

  override credentials(): ReturnType<SimulatorControl['credentials']> {
    const { basePath = '', simulatedKeys } = simulatedOf(this.venue);
    const base_url = `http://127.0.0.1:1${basePath}`;
    return Promise.resolve({ ...simulatedKeys, base_url, private_key: PRIVATE_KEY });
  }
}
