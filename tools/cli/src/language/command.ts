import type { AwaitedDto } from '@sluice/http-api';
import { isAwaited } from '@sluice/admin-client';
import { orWhenMissing } from '../calls/admin-faults.js';
import type { ExitCode } from '../errors.js';
import type { ApiKey, KafkaSettings } from '../settings/config.js';
import { SHARED_HELP } from './shared-help.js';
import { type Style, cell } from '../render/text.js';
import type { RunFile } from '../settings/run-file.js';
import type { Services } from '../calls/services.js';
import { readUsage, type Given, type Usage } from './usage.js';

/** Resources of a command. */
export interface CommandContext {
  readonly run: RunFile;
  readonly services: Services;
  readonly kafka: KafkaSettings;
  /** API key from the environment. */
  readonly key?: ApiKey;
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

/** Row of the command table. */
interface Row<U extends string, T extends object> {
  /** Summary, then a line for each option without shared help, then notes. */
  readonly help: string;
  /** Arguments of the example. */
  readonly example?: string;
  /** Next step if a service answers 404. */
  readonly missing?: string;
  /** An answer that is awaited is of a request that waits for a second person. */
  readonly call: (
    given: Given<U>,
    services: Services,
    context: CommandContext,
  ) => Promise<T | AwaitedDto>;
  /** Service with the request that waits. */
  readonly approval?: string | ((given: Given<U>) => string);
  /** Document of the answer, if it differs. */
  readonly json?: (answer: NoInfer<T>) => unknown;
  /** Text, or lines; false is no line. */
  readonly text: (answer: NoInfer<T>, style: Style, given: Given<U>) => Text;
  readonly exit?: (answer: NoInfer<T>) => ExitCode;
}

type Text = string | readonly (string | false)[];

const HELP_LINE = /^(?:--)?([a-z-]+|[A-Z_]+): (.+)$/;

export function command<U extends string, T extends object>(usage: U, row: Row<U, T>): Command {
  const [summary = '', ...lines] = row.help.split('\n').map((line) => line.trim());
  const own = new Map(
    lines.flatMap((line) => {
      const [, name, text] = HELP_LINE.exec(line) ?? [];
      return name === undefined || text === undefined ? [] : [[name, text] as const];
    }),
  );
  const parsed = readUsage(usage, (name) => own.get(name) ?? SHARED_HELP[name] ?? '');
  return {
    ...parsed,
    summary,
    notes: lines.filter((line) => !HELP_LINE.test(line)),
    example: [parsed.name, row.example ?? []].flat().join(' '),
    run: async (values, context) => {
      const given = values as Given<U>; // inputOf has checked them against the usage line
      const asked = row.call(given, context.services, context);
      const answer = await (row.missing === undefined ? asked : orWhenMissing(asked, row.missing));
      if (isAwaited(answer)) {
        const { approval: of = '' } = row;
        const service = typeof of === 'string' ? of : of(given);
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

function joined(text: Text): string {
  return [text]
    .flat()
    .filter((line) => line !== false)
    .join('\n');
}

/** Message for the first of two approvers. */
export function awaitedText({ approval_id: id, expires_at: until }: AwaitedDto, service: string) {
  return `noted, and nothing is done yet: it waits for a second person until ${cell(until)}: sluice approve ${cell(id)} --service ${service}`;
}
