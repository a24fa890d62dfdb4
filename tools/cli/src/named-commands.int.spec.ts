import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.js';
import { commandsOf } from './language/parse-command-line.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** Texts that people read when something waits or has failed. */
const TEXTS = ['docs/{,operations/}*.md', 'deploy/prometheus/alerts.yaml', 'tools/cli/src/**/*.ts'];
const FILES = globSync(TEXTS, { cwd: ROOT }).filter((file) => !file.endsWith('.spec.ts'));
/** A command in a code span or in quotes, or behind a colon: `sluice halt list`. */
const MENTION = /[`"'(:] ?sluice ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)/g;
const NAMES = COMMANDS.map(({ name }) => name);

const isGroup = (word: string) => commandsOf(word, COMMANDS).length > 0;
const isKnown = (words: string) =>
  NAMES.some((name) => words === name || words.startsWith(`${name} `));

describe('a command that a text names', () => {
  it('exists', () => {
    const mentions = FILES.flatMap((file) =>
      [...readFileSync(`${ROOT}${file}`, 'utf8').matchAll(MENTION)].map(([, words = '']) => {
        return { file, words };
      }),
    ).filter(({ words }) => isKnown(words) || isGroup(words.split(' ', 1)[0] ?? ''));

    expect(mentions.length).toBeGreaterThan(100);
    expect(mentions.filter(({ words }) => !isKnown(words))).toEqual([]);
  });
});
