import type { AwaitedDto } from '@sluice/http-api';
import { isAwaited } from '@sluice/admin-client';
import { orWhenMissing } from '../calls/admin-faults.js';
import type { ExitCode } from '../errors/errors.js';
import type { ApiKey, KafkaSettings } from '../settings/config.js';
import { MAY_AWAIT, LISTS, SEE_ACCOUNTS, SHARED_HELP, TWO_PEOPLE } from './shared-help.js';
import { list, type With } from '../render/table.js';
import { cell, type Style } from '../render/text.js';
import type { RunFile } from '../settings/run-file.js';
import type { Services } from '../calls/services.js';
import { readUsage, type Given, type Input, type Usage } from './usage.js';

/** Resources of a command. */
export interface CommandContext {
  readonly run: RunFile;
  readonly services: Services;
  readonly kafka: KafkaSettings;
  /** API key from the environment. */
  readonly key?: ApiKey;
  /** Port of the page for passkeys. */
  readonly passkeyPort: number;
  /** Shows a text to the person while the command runs. */
  readonly announce: (text: string) => void;
}

/** Answer in both forms. */
export interface Answer {
  readonly json: unknown;
  readonly text: (style: Style) => string;
  readonly exitCode: ExitCode;
}

export interface Command extends Usage {
  readonly summary: string;
  readonly notes: readonly string[];
  /** Example without the program's name. */
  readonly example: string;
  /** `values`: as `inputOf` has checked and converted them. */
  readonly run: (
    values: Readonly<Record<string, unknown>>,
    context: CommandContext,
  ) => Promise<Answer>;
}

interface Described {
  /** Summary, then a line for each input without shared help, then notes. */
  readonly help: string;
  /** Arguments of the example; default: the samples of the required inputs. */
  readonly example?: string;
  /** Next step if a service answers 404; default: the list of the group, or of the accounts. */
  readonly missing?: string;
}

type Call<U extends string, T> = (
  given: Given<U>,
  services: Services,
  context: CommandContext,
) => Promise<T>;

/** Row of the command table. */
interface Row<U extends string, T extends object> extends Described {
  /** An answer that is awaited is of a request that waits for a second person. */
  readonly call: Call<U, T | AwaitedDto>;
  /** Service with the request that waits. */
  readonly approval?: string | ((given: Given<U>) => string);
  /** Likewise, if only some requests need a second person. */
  readonly mayAwait?: string;
  /** Document of the answer, if it differs. */
  readonly json?: (answer: NoInfer<T>) => unknown;
  /** Text, or lines; false is no line. */
  readonly text: (answer: NoInfer<T>, style: Style, given: Given<U>) => Text;
  readonly exit?: (answer: NoInfer<T>) => ExitCode;
}

type Text = string | readonly (string | false)[];

/** Row of a command that shows a list as it is answered. */
interface Listing<U extends string, S extends string> extends Described {
  readonly call: Call<U, readonly With<S>[]>;
  readonly columns: S;
  /** Sentence for an empty list. */
  readonly empty: string;
}

export function listing<U extends string, S extends string>(usage: U, row: Listing<U, S>): Command {
  return command(usage, { ...row, text: list(row.columns, row.empty) });
}

export function command<U extends string, T extends object>(usage: U, row: Row<U, T>): Command {
  const { approval, mayAwait = '' } = row;
  const described = describe(usage, row, [
    ...(approval === undefined ? [] : [TWO_PEOPLE]),
    ...(mayAwait === '' ? [] : [MAY_AWAIT]),
  ]);
  const next = row.missing ?? nextStep(described);
  return {
    ...described,
    run: async (values, context) => {
      const given = values as Given<U>; // inputOf has checked them against the usage line
      const asked = row.call(given, context.services, context);
      const answer = await (next === undefined ? asked : orWhenMissing(asked, next));
      if (isAwaited(answer)) {
        const service = typeof approval === 'function' ? approval(given) : (approval ?? mayAwait);
        return { json: answer, text: () => awaitedText(answer, service), exitCode: 0 };
      }
      return {
        json: row.json === undefined ? answer : row.json(answer),
        text: (style) => joined(row.text(answer, style, given)),
        exitCode: row.exit?.(answer) ?? 0,
      };
    },
  };
}

const HELP_LINE = /^(?:--)?([a-z-]+|[A-Z_]+): (.+)$/;
const SAMPLE = /e\.g\. ("[^"]*"|[^\s,;]+)/;

function describe(
  line: string,
  { help, example }: Described,
  approvals: readonly string[],
): Omit<Command, 'run'> {
  const [summary = '', ...lines] = help.split('\n').map((one) => one.trim());
  const own = new Map<string, string>();
  for (const one of lines) {
    const [, name, text] = HELP_LINE.exec(one) ?? [];
    if (name !== undefined && text !== undefined) own.set(name, text);
  }
  const group = groupOf(line);
  const usage = readUsage(line, (name) => own.get(name) ?? sharedHelp(group, name));
  const samples = [...usage.operands, ...usage.options].filter(({ required }) => required);
  return {
    ...usage,
    summary,
    notes: [...approvals, ...lines.filter((one) => !HELP_LINE.test(one))],
    example: [usage.name, example ?? samples.map(sampleOf)].flat().join(' ').trim(),
  };
}

/** The operand of a group is in the list of the group. */
function sharedHelp(group: string, name: string): string {
  const [shown, sample] = LISTS[group] ?? [];
  return name === name.toUpperCase() && shown !== undefined
    ? `as "sluice ${shown}" shows it, e.g. ${sample}`
    : (SHARED_HELP[name] ?? '');
}

function sampleOf({ name, label, value = '', help }: Input): string {
  const [, sample = value.split('|', 1)[0]] = SAMPLE.exec(help) ?? [];
  return name === label ? `${sample}` : `--${name} ${sample}`;
}

function nextStep({ name, operands, options }: Usage): string | undefined {
  const [shown] = LISTS[groupOf(name)] ?? [];
  if (operands.length > 0 && shown !== undefined) return `"sluice ${shown}" shows them`;
  const isOfAccount = options.some((option) => option.name === 'account' && option.required);
  return isOfAccount ? SEE_ACCOUNTS : undefined;
}

function groupOf(name: string): string {
  return name.split(' ', 1)[0] ?? '';
}

function joined(text: Text): string {
  return [text]
    .flat()
    .filter((line) => line !== false)
    .join('\n');
}

/** Message for the first of two approvers. */
export function awaitedText(
  { approval_id: id, expires_at: until, message }: AwaitedDto,
  service: string,
) {
  const why = message === undefined ? '' : `${cell(message)}\n`;
  return `${why}noted, and nothing is done yet: it waits for a second person until ${cell(until)}: sluice approve ${cell(id)} --service ${service}`;
}
