import type { Command } from './language/command.js';
import { SUBJECTS } from './commands.js';
import { COMMON_OPTIONS } from './language/parse-command-line.js';
import type { Input } from './language/usage.js';

/** The image sets NODE_ENV=production and has no npm scripts. */
const PROGRAM = process.env['NODE_ENV'] === 'production' ? 'sluice' : 'npm run -s sluice --';

/** Every command in a line, by subject. */
export function overview(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name.length);
  const subjects = Object.entries(SUBJECTS).flatMap(([subject, all]) => {
    const shown = all.filter((command) => commands.includes(command));
    const lines = shown.map(({ name, summary }) => [name, summary] as const);
    return shown.length === 0 ? [] : [subject, ...aligned(lines, Math.max(...names)), ''];
  });
  return [
    'sluice: the operator command, through the admin of the services',
    '',
    `usage: ${PROGRAM} COMMAND [OPTIONS]`,
    '',
    ...subjects,
    'for every command',
    ...inputLines(COMMON_OPTIONS),
    '',
    'sluice --version prints the version of this command',
    'exit code: 0 done, 1 refused or violations found, 2 not understood or not reachable',
  ].join('\n');
}

export function helpOf(command: Command): string {
  return [
    `sluice ${command.name}: ${command.summary}`,
    '',
    `usage: ${PROGRAM} ${command.line}`,
    '',
    ...inputLines(command.operands),
    ...inputLines([...command.options, ...COMMON_OPTIONS]),
    ...(command.notes.length > 0 ? ['', ...command.notes] : []),
    '',
    `example: ${PROGRAM} ${command.example}`,
  ].join('\n');
}

function inputLines(inputs: readonly Input[]): string[] {
  return aligned(inputs.map(({ label, help }) => [label, help]));
}

function aligned(lines: readonly (readonly [string, string])[], least = 0): string[] {
  const width = Math.max(least, ...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
