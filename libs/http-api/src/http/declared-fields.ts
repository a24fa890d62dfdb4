import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';

type Fields = Readonly<Record<string, unknown>>;

/** Field declared by `Field`, with the parts that read and check a value. */
interface DeclaredField {
  readonly name: string;
  readonly read: (value: unknown, isText: boolean) => unknown;
  /** Returns false if the value is not checked: an absent optional value, or an unmet condition. */
  readonly isChecked: (value: unknown, dto: Fields) => boolean;
  /** Returns the fault of a value; null for a valid value. */
  readonly faultOf: (value: unknown, dto: Fields) => string | null;
}

/** Object read from its fields, and the faults as `field: reason`. */
interface ReadDto<T> {
  readonly dto: T;
  readonly faults: readonly string[];
}

const FIELDS = 'sluice:declared-fields';

/** Stores a field for `readDeclared`. */
export function declareField(field: Omit<DeclaredField, 'name'>): PropertyDecorator {
  return (prototype, name) => {
    const earlier =
      (Reflect.getOwnMetadata(FIELDS, prototype) as readonly DeclaredField[] | undefined) ?? [];
    Reflect.defineMetadata(FIELDS, [...earlier, { ...field, name: String(name) }], prototype);
  };
}

const known = new WeakMap<Type<object>, readonly DeclaredField[] | null>();

/**
 * Reads fields into a class without class-transformer and class-validator: these walk their metadata
 * for each request. The result is the same. Returns null for a class with nested lists, inherited
 * fields or other decorators, which only the libraries read.
 */
export function readDeclared<T extends object>(
  metatype: Type<T>,
  given: Fields,
  areTexts: boolean,
): ReadDto<T> | null {
  const fields = known.get(metatype) ?? fieldsOf(metatype);
  known.set(metatype, fields);
  if (fields === null) return null;
  const dto = new metatype();
  const values = dto as Record<string, unknown>;
  for (const { name, read } of fields) {
    const value = read(given[name], areTexts);
    if (value !== undefined) values[name] = value;
  }
  const faults: string[] = [];
  for (const { name, isChecked, faultOf } of fields) {
    const value = values[name];
    const reason = isChecked(value, values) ? faultOf(value, values) : null;
    if (reason !== null) faults.push(faultText(name, reason));
  }
  return { dto, faults };
}

/** Text of a fault; the reason may name a part of the value. */
export function faultText(name: string, reason: string): string {
  return `${name}${reason.startsWith('.') ? '' : ': '}${reason}`;
}

function fieldsOf(metatype: Type<object>): readonly DeclaredField[] | null {
  const prototype = metatype.prototype as object;
  const fields = Reflect.getOwnMetadata(FIELDS, prototype) as readonly DeclaredField[] | undefined;
  if (!fields || Object.getPrototypeOf(prototype) !== Object.prototype) return null;
  const checks = getMetadataStorage()
    .getTargetValidationMetadatas(metatype, '', false, false)
    .filter(({ type }) => type !== 'conditionalValidation');
  const names = new Set(fields.map(({ name }) => name));
  const isWhole =
    names.size === fields.length &&
    checks.length === fields.length &&
    checks.every(({ propertyName }) => names.has(propertyName));
  return isWhole ? fields : null;
}
