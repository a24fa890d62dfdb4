import { existsSync } from 'node:fs';
import { AdminError, believeAuthority, TokenError } from '@sluice/admin-client';
import { cliErrorOf } from './calls/admin-faults.js';
import { CliError, type ExitCode } from './errors/errors.js';
import type { Answer, Command, CommandContext } from './language/command.js';
import { inOptions } from './language/option-names.js';
import { COMMANDS } from './commands.js';
import type { CliConfig } from './settings/config.js';
import { helpOf, overview } from './help.js';
import {
  commandsOf,
  findCommand,
  inputOf,
  parseCommandLine,
  type CommandLine,
} from './language/parse-command-line.js';
import { printable, styleOf } from './render/text.js';
import { readRunFile, type RunFile } from './settings/run-file.js';
import { Services } from './calls/services.js';
import { tokenSource } from './calls/token-source.js';

/** For a command that needs no service: Kafka is prepared before the services exist. */
const NO_RUN: RunFile = { intakeUrl: '', services: new Map(), logOf: () => '' };

/** Complete output of both streams, and the exit code. */
interface Ending {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command line. Never throws for operator errors; with `--json`, stdout is always a single
 * JSON document. `announce` shows texts for people before the end.
 */
export async function runCli(
  argv: readonly string[],
  config: CliConfig,
  announce: CommandContext['announce'],
): Promise<Ending> {
  const json = argv.includes('--json');
  try {
    const { json: document, text, exitCode } = await answerTo(argv, config, announce);
    return {
      exitCode,
      stdout: json ? asJson(document) : `${text(styleOf(config.colours))}\n`,
      stderr: '',
    };
  } catch (error) {
    const { message, exitCode, details } = error instanceof CliError ? error : faultOfOurs(error);
    if (json) return { exitCode, stdout: asJson({ error: message, ...details }), stderr: '' };
    return { exitCode, stdout: '', stderr: `sluice: ${printable(message)}\n` };
  }
}

/** Reports an unexpected error in a single line; the stack trace is only in the JSON output. */
function faultOfOurs(error: unknown): CliError {
  return new CliError(`unexpected fault: ${String(error)}; with --json it shows where`, 2, {
    stack: error instanceof Error ? error.stack : undefined,
  });
}

async function answerTo(
  argv: readonly string[],
  config: CliConfig,
  announce: CommandContext['announce'],
): Promise<Answer> {
  if (asksForVersion(argv)) {
    const { version } = config;
    return { json: { version }, text: () => version, exitCode: 0 };
  }
  const line = parseCommandLine(argv, COMMANDS);
  const help = helpFor(line);
  if (help !== undefined) return { json: { help }, text: () => help, exitCode: 0 };
  const { command, rest } = findCommand(line.words, COMMANDS);
  const input = inputOf(command, rest, line.values);
  const [named] = line.values.get('run') ?? [];
  const isNamed = named !== undefined || config.runFileNamed;
  const file = named ?? config.runFile;
  const run =
    command.name.startsWith('topics ') && !isNamed && !existsSync(file)
      ? NO_RUN
      : readRunFile(file, isNamed);
  if (run.caFile !== undefined) believeAuthority(run.caFile);
  const services = new Services(
    run,
    tokenSource(config.login, run, line.values.get('person')?.at(0)),
  );
  const { kafka, key, passkeyPort } = config;
  const context = { run, services, kafka, passkeyPort, announce, ...(key && { key }) };
  return outcomeOf(command, input, context);
}

async function outcomeOf(
  command: Command,
  input: Parameters<Command['run']>[0],
  context: CommandContext,
): Promise<Answer> {
  try {
    return await command.run(input, context);
  } catch (error) {
    if (error instanceof TokenError) throw new CliError(error.message, 2);
    const refused = error instanceof AdminError ? cliErrorOf(error, context.run) : error;
    if (!(refused instanceof CliError)) throw refused;
    throw new CliError(inOptions(command, refused.message), refused.exitCode, refused.details);
  }
}

/** `--version` behind a command is an option of the command. */
function asksForVersion(argv: readonly string[]): boolean {
  const [word = '', ...more] = argv.filter((one) => one !== '--json');
  return more.length === 0 && ['--version', '-v', '-V', 'version'].includes(word);
}

/** `sluice`, `--help`, `account --help`, `help account create`. */
function helpFor({ words, values }: CommandLine): string | undefined {
  const about = words[0] === 'help' ? words.slice(1) : words;
  const [group] = about;
  if (group === undefined) return overview(COMMANDS);
  if (!values.has('help') && about === words) return undefined;
  const members = commandsOf(group, COMMANDS);
  return about.length === 1 && members.length > 0
    ? overview(members)
    : helpOf(findCommand(about, COMMANDS).command);
}

function asJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
