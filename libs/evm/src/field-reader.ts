import { isObject } from '@sluice/kernel';

type FieldReaderCheck = RegExp | ((text: string) => boolean);

/**
 * Reads an object of a settings file. Faults are added to `faults` with their place, and a harmless
 * value is returned in place of an invalid value.
 */
export class FieldReader {
  private readonly fields: Readonly<Record<string, unknown>>;
  private readonly read = new Set<string>();

  constructor(
    given: unknown,
    private readonly place: string,
    private readonly faults: string[],
  ) {
    this.fields = isObject(given) ? given : {};
    if (!isObject(given)) this.faults.push(`${place} must be an object`);
  }

  fault(sentence: string): void {
    this.faults.push(`${this.place}: ${sentence}`);
  }

  has(name: string): boolean {
    return this.fields[name] !== undefined;
  }

  value(name: string): unknown {
    this.read.add(name);
    return this.fields[name];
  }

  text(name: string, check: FieldReaderCheck, expected: string): string {
    const value = this.value(name);
    if (typeof value === 'string' && passes(value, check)) return value;
    this.fault(`${name} ${expected}`);
    return '';
  }

  texts(name: string, check: FieldReaderCheck, expected: string): readonly string[] {
    const list = this.many(name, 1);
    const texts = list.filter((one) => typeof one === 'string');
    if (texts.length < list.length || !texts.every((one) => passes(one, check)))
      this.fault(`${name} ${expected}`);
    if (new Set(texts).size < texts.length) this.fault(`${name} has one twice`);
    return texts;
  }

  number(name: string, least: number, most: number): number {
    const value = this.value(name);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    this.fault(`${name} must be a number from ${least} to ${most}`);
    return least;
  }

  whole(name: string, least: number, most: number): number {
    const value = this.value(name);
    if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most)
      return Number(value);
    this.fault(`${name} must be a whole number from ${least} to ${most}`);
    return least;
  }

  object(name: string): FieldReader {
    return new FieldReader(this.value(name), `${this.place} ${name}`, this.faults);
  }

  list(name: string, least: number): readonly FieldReader[] {
    return this.many(name, least).map(
      (one, index) => new FieldReader(one, `${this.place} ${name}[${index}]`, this.faults),
    );
  }

  /** Must be called after the last field: any unread field is reported as misspelt. */
  end(): void {
    for (const name of Object.keys(this.fields))
      if (!this.read.has(name)) this.fault(`${name} is no field`);
  }

  private many(name: string, least: number): readonly unknown[] {
    const value = this.value(name);
    if (Array.isArray(value) && value.length >= least) return value as readonly unknown[];
    this.fault(`${name} must be a list${least > 0 ? ' with at least one entry' : ''}`);
    return [];
  }
}

function passes(text: string, check: FieldReaderCheck): boolean {
  return check instanceof RegExp ? check.test(text) : check(text);
}
