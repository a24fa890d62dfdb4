import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { ApiError } from './api-error.js';
import { parseJsonBody } from './json-body.js';
import { misspeltFaults, unknownParameters } from './misspelt.js';
import { RawBody } from './raw-body.js';
import { isValidAtOnce } from './valid-at-once.js';

const OPTIONAL_BODY = 'sluice:optional-body';

/** Decorates a DTO of optional fields: the body may be missing. */
export function OptionalBody(): ClassDecorator {
  return (dto) => Reflect.defineMetadata(OPTIONAL_BODY, true, dto);
}

function isOptionalBody(dto: object): boolean {
  return Reflect.hasMetadata(OPTIONAL_BODY, dto);
}

/**
 * Reads a body, a query or path parameters into the class declared by the controller. Numbers in a
 * body are exact, and a duplicate name is rejected. Unknown fields of a body are dropped, except
 * misspelt names under `RefuseMisspelt`; unknown parameters of a query are refused. Throws 422 with
 * every fault as `field: reason`.
 */
@Injectable()
export class ExactPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    const isPlain = metatype === undefined || metatype === String || metatype === Object;
    // values from our own parameter decorators need no check
    if (isPlain || type === 'custom') return value;
    if (type === 'body') {
      const isAbsent =
        isOptionalBody(metatype) && !(value instanceof RawBody && value.bytes.length);
      return readFields(metatype as Type<object>, isAbsent ? {} : fieldsOf(value));
    }
    const dto = instanceOf(metatype as Type<object>, value, true);
    const unknown =
      type === 'query' ? unknownParameters(metatype as Type<object>, value as object) : [];
    refuse([...unknown, ...faultsIn(dto)]);
    return dto;
  }
}

/**
 * Reads the fields of an exactly parsed JSON object, like the fields of a body. Throws 422 with
 * every fault.
 */
export function readFields<T extends object>(
  metatype: Type<T>,
  fields: Readonly<Record<string, unknown>>,
): T {
  const dto = instanceOf(metatype, fields, false);
  refuse([...misspeltFaults(metatype, fields), ...faultsIn(dto)]);
  return dto;
}

function refuse(faults: readonly string[]): void {
  if (faults.length > 0) throw ApiError.invalid(faults);
}

function faultsIn(dto: object): string[] {
  return isValidAtOnce(dto) ? [] : faultsOf(validateSync(dto, { stopAtFirstError: true }));
}

/** Reads only fields declared in the class: a client may send other fields of any depth. */
function instanceOf<T extends object>(metatype: Type<T>, fields: unknown, areTexts: boolean): T {
  try {
    return plainToInstance<T, unknown>(metatype, fields, {
      strategy: 'excludeAll',
      exposeUnsetFields: false,
      enableImplicitConversion: areTexts,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // nested deeper than the stack, inside a declared field
    throw ApiError.invalid(['body: Input should be valid JSON']);
  }
}

function fieldsOf(body: unknown): Record<string, unknown> {
  return body instanceof RawBody
    ? parseJsonBody(body.contentType, body.bytes)
    : parseJsonBody(undefined, Buffer.alloc(0));
}

/** `venues.0.pays: Input should be a list`, in the order of the class's fields. */
function faultsOf(errors: readonly ValidationError[], within = ''): string[] {
  return errors.flatMap(({ property, constraints, children }) => [
    ...Object.values(constraints ?? {}).map(
      (reason) => `${within}${property}${reason.startsWith('.') ? '' : ': '}${reason}`,
    ),
    ...faultsOf(children ?? [], `${within}${property}.`),
  ]);
}
