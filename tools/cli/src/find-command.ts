import { usageError } from './cli-error.js';
import type { Command } from './command.js';
import { nearest } from './nearest.js';

/**
 * Returns the command named by the first words, and the remaining words. Throws a usage error
 * naming the nearest command.
 */
export function findCommand(
  words: readonly string[],
  commands: readonly Command[],
): { command: Command; rest: readonly string[] } {
  for (const length of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, length).join(' '));
    if (command && words.length >= length) return { command, rest: words.slice(length) };
  }
  const [group = '', verb] = words;
  const members = commandsOf(group, commands);
  if (members.length > 0 && verb === undefined)
    throw usageError(`${group} what? There are: ${members.map(({ name }) => name).join(', ')}`);
  throw usageError(
    `no such command: ${words.slice(0, 2).join(' ')}; did you mean "${nearestCommand(words, commands)}"? "sluice --help" lists them all`,
  );
}

/** `account` stands for `account create` and `account list`. */
export function commandsOf(group: string, commands: readonly Command[]): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}

/** Compares each command name with the same number of given words. */
function nearestCommand(words: readonly string[], commands: readonly Command[]): string {
  const [group = ''] = words;
  const members = commandsOf(group, commands).map(({ name }) => name);
  if (members.length > 0) return nearest(words.slice(0, 2).join(' '), members);
  const oneWord = nearest(
    group,
    commands.map(({ name }) => name.split(' ')[0] ?? ''),
  );
  const candidates = commands
    .filter(({ name }) => name.split(' ')[0] === oneWord)
    .map(({ name }) => name);
  return nearest(words.slice(0, 2).join(' '), candidates);
}
