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
  /** Placeholder of the value; an option without a value is a switch. */
  readonly value?: string;
  readonly help: string;
  /** Single-letter form of the option. */
  readonly short?: string;
  readonly required?: true;
  readonly repeatable?: true;
}

/** Resources of a command. */
export interface CommandContext {
  readonly run: RunFile;
  readonly services: Services;
  readonly kafka: KafkaSettings;
  /** API key from the environment. */
  readonly key?: ApiKey;
}

/** Answer in both forms (default exit code 0). */
export interface Answer {
  readonly json: unknown;
  readonly text: (style: Style) => string;
  readonly exitCode?: ExitCode;
}

/** Entry of the command table. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly operands: readonly Operand[];
  readonly options: readonly Option[];
  /** Additional lines of the help text. */
  readonly notes?: readonly string[];
  /** Example without the program's name. */
  readonly example: string;
  readonly run: (input: Input, context: CommandContext) => Promise<Answer>;
}
