import { NEXT_STEPS } from '@sluice/kernel';
import { COMMANDS } from './commands.js';
import { findCommand, inputOf, parseCommandLine } from './language/parse-command-line.js';

describe('the next step of a withdrawal that waits', () => {
  it.each(Object.entries(NEXT_STEPS))('for %s is a command, with its arguments', (_kind, step) => {
    const [, line = ''] = /^sluice (.+)$/.exec(step.command) ?? [];
    const words = line.replace('N', '17').split(' ');
    const { words: named, values } = parseCommandLine(
      words.map((word) => word.split('|', 1)[0] ?? ''),
      COMMANDS,
    );
    const { command, rest } = findCommand(named, COMMANDS);

    expect(() => inputOf(command, rest, values)).not.toThrow();
  });
});
