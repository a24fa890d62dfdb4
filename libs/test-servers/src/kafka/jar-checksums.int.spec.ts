import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkJars } from './jar-checksums.js';

const JARS = { 'broker.jar': 'the broker', 'log.jar': 'the log' };

describe('checkJars', () => {
  let folder: string;
  let sums: string;

  beforeEach(() => {
    const home = mkdtempSync(join(tmpdir(), 'sluice-jars-'));
    folder = join(home, 'lib');
    sums = join(home, 'jars.sha256');
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries(JARS)) writeFileSync(join(folder, name), bytes);
    const lines = Object.entries(JARS).map(
      ([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`,
    );
    writeFileSync(sums, lines.join(''));
  });

  afterEach(() => {
    rmSync(join(folder, '..'), { recursive: true });
  });

  it('accepts the jars listed in the repository', () => {
    expect(() => checkJars(folder, sums)).not.toThrow();
  });

  it.each<[string, string, () => void]>([
    ['was changed', 'log.jar', () => writeFileSync(join(folder, 'log.jar'), 'the thief')],
    ['is missing', 'broker.jar', () => rmSync(join(folder, 'broker.jar'))],
    ['is unlisted', 'agent.jar', () => writeFileSync(join(folder, 'agent.jar'), '')],
  ])('refuses to start with a jar that %s, and names the jar', (_what, name, spoil) => {
    spoil();

    expect(() => checkJars(folder, sums)).toThrow(`Kafka is not started: ${name} in ${folder} is`);
  });
});
