import type { ExitCode } from './cli-error.js';
import type { ApiKey, KafkaSettings } from './config.js';
import type { Input } from './input.js';
import type { Style } from './render/style.js';
import type { RunFile } from './run-file.js';
import type { Services } from './services.js';

export interface Operand {
  readonly name: string;
  readonly help: string;
  readonly optional?: true;
}

export interface Option {
  readonly name: string;
  /** What its value stands for; an option without one is a switch. */
  readonly value?: string;
  readonly help: string;
  /** One letter that stands for it. */
  readonly short?: string;
  readonly required?: true;
  readonly repeatable?: true;
}

/** What a command works with. */
export interface CommandContext {
  readonly run: RunFile;
  readonly services: Services;
  readonly kafka: KafkaSettings;
  /** From the environment. */
  readonly key?: ApiKey;
}

/** One answer, in both forms; the exit code is 0 unless it says otherwise. */
export interface Answer {
  readonly json: unknown;
  readonly text: (style: Style) => string;
  readonly exitCode?: ExitCode;
}

/** One line of the command table. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly options: readonly Option[];
  /** Further lines of its help. */
  readonly notes?: readonly string[];
  /** Without the program's name. */
  readonly example: string;
  readonly run: (input: Input, context: CommandContext) => Promise<Answer>;
}
