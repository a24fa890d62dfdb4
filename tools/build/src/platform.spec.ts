import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { refusalIn, refusalOn } from '../platform.mjs';

const SENTENCE =
  '`npm start` starts its servers on Linux only, and this is darwin: run `node tools/stack/compose/write-env.mjs`, then `docker compose --env-file .sluice/compose.env up --build`';

describe('a command that starts servers', () => {
  it.each(['darwin', 'win32'])('is refused on %s, with the command for containers', (platform) => {
    expect(refusalOn(platform, 'start', [])).toBe(SENTENCE.replace('darwin', platform));
    expect(refusalOn(platform, 'cluster', [])).toContain('`npm run cluster` starts');
  });

  it('runs on Linux', () => expect(refusalOn('linux', 'start', [])).toBeUndefined());

  it('runs elsewhere if it only uses servers that run already', () => {
    expect(refusalOn('darwin', 'start', ['--at', '.sluice/compose-run.json'])).toBeUndefined();
    expect(refusalOn('darwin', 'start', ['--at=file'])).toBeUndefined();
    expect(refusalOn('darwin', 'sluice', [])).toBeUndefined();
  });

  it('ends before anything is installed, with one line', () => {
    const bootstrap = fileURLToPath(new URL('../bootstrap.mjs', import.meta.url));
    const asDarwin =
      "data:text/javascript,Object.defineProperty(process,'platform',{value:'darwin'})";

    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ['--import', asDarwin, bootstrap, 'start', '--'],
      { encoding: 'utf8', timeout: 20_000 },
    );

    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim()).toBe(`sluice: ${SENTENCE}`);
  });
});

describe('a checkout', () => {
  it.each([':', '*'])(
    'is refused in a folder with %s in its path, with the remedy',
    (character) => {
      expect(refusalIn(`/srv/a${character}b/`)).toMatch(
        /^the path of this checkout is \/srv\/a.b\/, and "(.)" .*: move the checkout to a path without "\1"$/,
      );
    },
  );

  it('is accepted in every other folder', () => {
    expect(refusalIn(`/srv/ü a,b;#%20$HOME'"[c]{d}(e)&?!/`)).toBeUndefined();
  });
});
