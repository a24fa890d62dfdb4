import { parseArgs } from 'node:util';
import { usageError } from './cli-error.js';
import type { Command, Option } from './command.js';
import { Input } from './input.js';
import { nearest } from './nearest.js';

/** Known to every command. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'json', help: 'one JSON document on stdout, errors too' },
  {
    name: 'run',
    value: 'FILE',
    help: 'where things are, instead of .sluice/run.json (or environment SLUICE_RUN)',
  },
  {
    name: 'person',
    value: 'NAME',
    help: 'caller among the people of "npm start": demo (default), olivia, peter, ada, audrey',
  },
  { name: 'help', short: 'h', help: 'this text' },
];

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
  const options = new Map(
    [...COMMON_OPTIONS, ...commands.flatMap((command) => command.options)].map((option) => [
      option.name,
      option,
    ]),
  );
  const types = [...options.values()].map(
    ({ name, value, short }) =>
      [name, { type: value ? 'string' : 'boolean', ...(short && { short }) }] as const,
  );
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
    if (!option) throw unknownOption(token.rawName, [...options.values()]);
    const value = valueOf(option, token.value, token.inlineValue ?? false);
    const before = values.get(option.name) ?? [];
    if (before.length > 0 && !option.repeatable)
      throw usageError(`--${option.name} is given twice`);
    values.set(option.name, [...before, value]);
  }
  return { words, values };
}

function valueOf(option: Option, value: string | undefined, inline: boolean): string {
  if (!option.value) {
    if (value !== undefined) throw usageError(`--${option.name} takes no value`);
    return 'yes';
  }
  if (value === undefined || value === '')
    throw usageError(`--${option.name} needs a value: --${option.name} ${option.value}`);
  if (value.startsWith('-') && !inline) {
    throw usageError(
      `--${option.name} needs a value: --${option.name} ${option.value} (if it is to be "${value}", write --${option.name}=${value})`,
    );
  }
  return value;
}

/**
 * Returns the input of a command. `words`: words after the command's name. Throws a usage error for
 * missing or unknown input.
 */
export function inputOf(
  command: Command,
  words: readonly string[],
  values: CommandLine['values'],
): Input {
  const allowed = [...command.options, ...COMMON_OPTIONS];
  for (const name of values.keys()) {
    if (!allowed.some((option) => option.name === name))
      throw usageError(
        `${command.name} has no option --${name}; see "sluice ${command.name} --help"`,
      );
  }
  const help = `see "sluice ${command.name} --help"`;
  const missing = [
    ...command.operands
      .filter((operand, index) => !operand.optional && words[index] === undefined)
      .map(({ name }) => name),
    ...command.options
      .filter((option) => option.required && !values.has(option.name))
      .map(({ name, value }) => `--${name} ${value}`),
  ];
  if (missing.length > 0)
    throw usageError(`${command.name} needs ${missing.join(' and ')}; ${help}`);
  const surplus = words[command.operands.length];
  if (surplus !== undefined)
    throw usageError(`${command.name} does not know what to do with "${surplus}"; ${help}`);
  const operands = command.operands.flatMap(({ name }, index) =>
    words[index] === undefined ? [] : [[name, words[index]] as const],
  );
  return new Input(new Map(operands), values);
}

function unknownOption(given: string, options: readonly Option[]): Error {
  const names = options.map(({ name }) => name);
  return usageError(
    `no such option: ${given}; did you mean --${nearest(given.replace(/^-+/, ''), names)}?`,
  );
}
