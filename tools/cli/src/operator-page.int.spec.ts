import { readFileSync } from 'node:fs';
import { COMMANDS } from './commands.js';
import { findCommand, inputOf, parseCommandLine } from './language/parse-command-line.js';
import { wordsOf } from './testkit/words-of.js';

const PAGE = readFileSync(new URL('../../../docs/operator.md', import.meta.url), 'utf8');
const LINES = [...PAGE.matchAll(/^sluice (.+)$/gm)].map(([, line = '']) => line);

describe('the page for operators', () => {
  it('has an example of every command, and each is understood', () => {
    const shown = LINES.map((line) => {
      const { words, values } = parseCommandLine(wordsOf(line), COMMANDS);
      const { command, rest } = findCommand(words, COMMANDS);
      inputOf(command, rest, values);
      return command.name;
    });

    expect([...new Set(shown)].toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
  });

  it('names every option', () => {
    for (const { options } of COMMANDS)
      for (const { name } of options) expect(PAGE).toContain(`--${name}`);
  });
});
