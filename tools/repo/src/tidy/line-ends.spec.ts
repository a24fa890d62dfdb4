import { execFileSync } from 'node:child_process';
import { workspaceRoot } from '@sluice/test-servers';
import { FILES } from './repository.js';

describe('line ends', () => {
  it('are LF for every file on every machine, whatever core.autocrlf says', () => {
    const answer = execFileSync('git', ['check-attr', '-z', '--stdin', 'text', 'eol'], {
      cwd: workspaceRoot(),
      input: FILES.join('\0'),
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    const words = answer.split('\0').slice(0, -1);
    const rules = Array.from({ length: words.length / 3 }, (_, at) =>
      words.slice(3 * at, 3 * at + 3),
    );
    const wanted = new Map([
      ['text', 'auto'],
      ['eol', 'lf'],
    ]);

    expect(rules).toHaveLength(2 * FILES.length);
    expect(rules.filter(([, rule = '', value]) => wanted.get(rule) !== value)).toEqual([]);
  });
});
