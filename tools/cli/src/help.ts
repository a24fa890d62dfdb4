import type { Command, Option } from './command.js';
import { COMMON_OPTIONS } from './parse-command-line.js';

const PROGRAM = 'npm run -s sluice --';

/** Every command in a line. */
export function overview(commands: readonly Command[]): string {
  const lines = aligned(commands.map(({ name, summary }) => [name, summary]));
  return [
    'sluice: the operator command, through the admin of the services',
    '',
    `usage: ${PROGRAM} COMMAND [OPTIONS]`,
    '',
    ...lines,
    '',
    'for every command',
    ...optionLines(COMMON_OPTIONS),
    '',
    'exit code: 0 done, 1 refused or violations found, 2 not understood or not reachable',
  ].join('\n');
}

export function helpOf(command: Command): string {
  const operands = aligned(command.operands.map(({ name, help }) => [name, help]));
  return [
    `sluice ${command.name}: ${command.summary}`,
    '',
    `usage: ${PROGRAM} ${usageOf(command)}`,
    '',
    ...operands,
    ...optionLines([...command.options, ...COMMON_OPTIONS]),
    ...(command.notes ? ['', ...command.notes] : []),
    '',
    `example: ${PROGRAM} ${command.example}`,
  ].join('\n');
}

export function usageOf(command: Command): string {
  const operands = command.operands.map(({ name, optional }) => (optional ? `[${name}]` : name));
  return [command.name, ...operands, ...command.options.map(optionUsage)].join(' ');
}

function optionUsage(option: Option): string {
  const text = withValue(option);
  return `${option.required ? text : `[${text}]`}${option.repeatable ? '…' : ''}`;
}

function optionLines(options: readonly Option[]): string[] {
  return aligned(options.map((option) => [withValue(option), option.help]));
}

function withValue({ name, value }: Option): string {
  return value ? `--${name} ${value}` : `--${name}`;
}

function aligned(lines: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...lines.map(([left]) => left.length));
  return lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
