import { parseArgs } from 'node:util';
import { nearest, usageError } from '../errors/errors.js';
import type { Command } from './command.js';
import { readUsage, valueOf, type Input } from './usage.js';

const COMMON: Readonly<Record<string, string>> = {
  json: 'one JSON document on stdout, errors too',
  run: 'where things are, instead of .sluice/run.json (or environment SLUICE_RUN)',
  person: 'caller among the people of "npm start": demo (default), olivia, peter, ada, audrey',
  help: 'this text',
};
/** Known to every command. */
export const COMMON_OPTIONS = readUsage(
  'sluice [--json] [--run FILE] [--person NAME] [--help]',
  (name) => COMMON[name] ?? '',
).options;

export interface CommandLine {
  readonly words: readonly string[];
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/**
 * Parses words and options, in any order, before the command is known: an option has the same
 * meaning in all commands. Throws a usage error for an unknown option, a missing value, or an
 * option given twice.
 */
export function parseCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
): CommandLine {
  const all = [...COMMON_OPTIONS, ...commands.flatMap((command) => command.options)];
  const options = new Map(all.map((option) => [option.name, option]));
  const types = all.map(({ name, value }) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const);
    return [name, name === 'help' ? { type, short: 'h' } : { type }] as const;
  });
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(types),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const values = new Map<string, readonly string[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.get(token.name);
    if (!option) throw unknownOption(token.rawName, [...options.keys()]);
    const before = values.get(option.name) ?? [];
    if (before.length > 0 && !option.repeatable)
      throw usageError(`--${option.name} is given twice`);
    values.set(option.name, [...before, textOf(option, token.value, token.inlineValue ?? false)]);
  }
  return { words, values };
}

function textOf({ name, label, value }: Input, text: string | undefined, inline: boolean): string {
  if (value === undefined) {
    if (text !== undefined) throw usageError(`--${name} takes no value`);
    return 'yes';
  }
  const needs = `--${name} needs a value: ${label}`;
  if (text === undefined || text === '') throw usageError(needs);
  if (text.startsWith('-') && !inline)
    throw usageError(`${needs} (if it is to be "${text}", write --${name}=${text})`);
  return text;
}

function unknownOption(given: string, names: readonly string[]): Error {
  const near = nearest(given.replace(/^-+/, ''), names);
  return usageError(`no such option: ${given}; did you mean --${near}?`);
}

/**
 * Returns the command named by the first words, and the other words. Throws a usage error naming the
 * nearest command.
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
  const members = commandsOf(group, commands).map(({ name }) => name);
  if (members.length > 0 && verb === undefined)
    throw usageError(`${group} what? There are: ${members.join(', ')}`);
  const given = words.slice(0, 2).join(' ');
  throw usageError(
    `no such command: ${given}; did you mean "${nearestCommand(given, members, commands)}"? "sluice --help" lists them all`,
  );
}

/** `account` stands for `account create` and `account list`. */
export function commandsOf(group: string, commands: readonly Command[]): readonly Command[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}

function nearestCommand(
  given: string,
  members: readonly string[],
  commands: readonly Command[],
): string {
  if (members.length > 0) return nearest(given, members);
  const firstOf = (name: string) => name.split(' ', 1)[0] ?? '';
  const names = commands.map(({ name }) => name);
  const group = nearest(firstOf(given), names.map(firstOf));
  return nearest(
    given,
    names.filter((name) => firstOf(name) === group),
  );
}

/**
 * Returns the values of a command, by the names of its usage line with `_` for `-`. `words`: words
 * after the command's name. Throws a usage error for missing or unknown input.
 */
export function inputOf(
  { name: command, operands, options }: Command,
  words: readonly string[],
  values: CommandLine['values'],
): Readonly<Record<string, unknown>> {
  const help = `see "sluice ${command} --help"`;
  const allowed = [...options, ...COMMON_OPTIONS].map(({ name }) => name);
  const unknown = [...values.keys()].find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw usageError(`${command} has no option --${unknown}; ${help}`);
  const missing = [
    ...operands.filter((_, at) => words[at] === undefined),
    ...options.filter(({ name }) => !values.has(name)),
  ].flatMap(({ required, label }) => (required ? [label] : []));
  if (missing.length > 0) throw usageError(`${command} needs ${missing.join(' and ')}; ${help}`);
  const surplus = words[operands.length];
  if (surplus !== undefined)
    throw usageError(`${command} does not know what to do with "${surplus}"; ${help}`);
  return Object.fromEntries([
    ...operands.map(({ name }, at) => [name, words[at]] as const),
    ...options.map(
      (option) => [option.name.replaceAll('-', '_'), inputAt(option, values)] as const,
    ),
  ]);
}

function inputAt(option: Input, values: CommandLine['values']): unknown {
  const texts = values.get(option.name) ?? [];
  if (option.value === undefined) return texts.length > 0;
  if (option.repeatable) return texts;
  const [text] = texts;
  return text === undefined ? undefined : valueOf(option, text);
}
