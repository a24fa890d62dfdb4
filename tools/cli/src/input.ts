import { usageError } from './cli-error.js';

/** Validated options and operands of a command. */
export class Input {
  constructor(
    private readonly operands: ReadonlyMap<string, string>,
    private readonly values: ReadonlyMap<string, readonly string[]>,
  ) {}

  /** Returns an operand. Throws if missing; validation guarantees required operands. */
  operand(name: string): string {
    const value = this.operands.get(name);
    if (value === undefined) throw usageError(`${name} is missing`);
    return value;
  }

  optionalOperand(name: string): string | undefined {
    return this.operands.get(name);
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw usageError(`--${name} is missing`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.values.get(name)?.at(0);
  }

  list(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  /** Returns a word checked by the service: the service rejects unknown words. */
  word<T extends string>(name: string): T | undefined {
    return this.optional(name) as T | undefined;
  }

  /** Returns a comma-separated list of words checked by the service. */
  words<T extends string>(name: string): readonly T[] | undefined {
    const words = this.optional(name)?.split(',') as readonly T[] | undefined;
    return words?.map((word) => word.trim() as T).filter((word) => word !== '');
  }

  isSet(name: string): boolean {
    return this.values.has(name);
  }

  /** A whole number within bounds, or undefined. Throws a usage error otherwise. */
  integer(name: string, least: number, most: number): number | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most))
      throw usageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
    return value;
  }

  /** Returns a word out of `choices`, or undefined. Throws a usage error otherwise. */
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const text = this.optional(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      throw usageError(`--${name} takes ${choices.join(' or ')}, not "${text}"`);
    return found;
  }
}
