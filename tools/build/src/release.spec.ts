import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { cosignArgs, digestIn, joined, provenanceOf } from '../release-facts.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const AMD = { arch: 'amd64', prefix: 'r.example/', tag: '0.4.0', images: { ledger: digest('a') } };
const ARM = { ...AMD, arch: 'arm64', images: { ledger: digest('b') } };

describe('a release of two architectures', () => {
  it('joins the digests of each image', () => {
    expect(joined([AMD, ARM])).toEqual([{ image: 'ledger', digests: [digest('a'), digest('b')] }]);
  });

  it.each([
    [{ ...ARM, tag: '0.5.0' }, 'arm64 is r.example/0.5.0'],
    [{ ...ARM, images: { cli: digest('b') } }, 'different images'],
    [AMD, 'the same architecture'],
  ])('is refused with %j', (other, text) => {
    expect(() => joined([AMD, other])).toThrow(text);
  });

  it('names commit and base of an image', () => {
    const facts = { image: 'ledger', tag: '0.4.0', source: 'https://git.example/s', builder: 'b' };

    expect(
      provenanceOf({ ...facts, revision: 'c0ffee', base: `node:24@${digest('d')}` }),
    ).toMatchObject({
      buildDefinition: {
        resolvedDependencies: [
          { uri: 'git+https://git.example/s', digest: { gitCommit: 'c0ffee' } },
          { uri: 'pkg:docker/node:24', digest: { sha256: 'd'.repeat(64) } },
        ],
      },
    });
  });

  it('is signed with a key, or keyless', () => {
    expect(cosignArgs('sign', 'cosign.key', ['x'])).toEqual([
      'sign',
      '--yes',
      '--key',
      'cosign.key',
      '--tlog-upload=false',
      'x',
    ]);
    expect(cosignArgs('sign', undefined, ['x'])).toEqual(['sign', '--yes', 'x']);
  });

  it('needs a digest in the answer of the engine', () => {
    expect(digestIn(`0.4.0: digest: ${digest('a')} size: 7`)).toBe(digest('a'));
    expect(() => digestIn('pushed')).toThrow('no digest');
  });
});

/** The programs docker and cosign are stand-ins that write down their arguments. */
describe('npm run release', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-release-'));
  const log = join(folder, 'log');
  const release = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [
        '--eval',
        `import(${JSON.stringify(join(ROOT, 'tools/build/release.mjs'))}).then(({ release }) => release(${JSON.stringify(args)})).catch(({ message }) => { console.error(message); process.exitCode = 1; })`,
      ],
      {
        cwd: ROOT,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
        },
      },
    );
  const standIn = (program: string, answer: string): void => {
    const file = join(folder, 'bin', program);
    writeFileSync(file, `#!/bin/sh\necho "${program} $*" >>${log}\necho '${answer}'\n`);
    chmodSync(file, 0o755);
  };

  beforeAll(() => mkdirSync(join(folder, 'bin')));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('refuses to publish without cosign', () => {
    const { status, stderr } = release('publish');

    expect(status).toBe(1);
    expect(stderr).toContain('cosign version does not answer');
  });

  it('joins, signs, and writes the values of the chart and a signed bill of materials', () => {
    standIn('docker', digest('c'));
    standIn('cosign', 'signed');
    const files = [AMD, ARM].map((record) => {
      const file = join(folder, `${record.arch}.json`);
      writeFileSync(file, JSON.stringify(record));
      return file;
    });

    const { stderr, status } = release('publish', ...files);

    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(readFileSync(log, 'utf8').split('\n')).toEqual(
      expect.arrayContaining([
        `docker buildx imagetools create --tag r.example/sluice-ledger:0.4.0 r.example/sluice-ledger@${digest('a')} r.example/sluice-ledger@${digest('b')}`,
        `cosign sign --yes r.example/sluice-ledger@${digest('c')}`,
        'cosign sign-blob --yes --bundle reports/release/sluice-0.4.0.cdx.json.sigstore.json reports/release/sluice-0.4.0.cdx.json',
      ]),
    );
    expect(parse(readFileSync(join(ROOT, 'reports/release/image-digests.yaml'), 'utf8'))).toEqual({
      image: { prefix: 'r.example/', tag: '0.4.0', digests: { ledger: digest('c') } },
    });
  });
});
