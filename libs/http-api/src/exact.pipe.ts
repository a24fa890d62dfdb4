import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { ApiError } from './api-error.js';
import { parseJsonBody } from './json-body.js';
import { RawBody } from './raw-body.js';

/**
 * Reads a body, a query or the parameters of a path into the class that the controller names for it. Numbers of a body are exact, a
 * name that is there twice is refused, fields that the class does not know are dropped. Throws 422 with every fault as `field: reason`.
 */
@Injectable()
export class ExactPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (metatype === undefined || metatype === String || metatype === Object) return value;
    const dto: unknown = plainToInstance(metatype, type === 'body' ? fieldsOf(value) : value);
    const errors = validateSync(dto as object, { whitelist: true, stopAtFirstError: true });
    if (errors.length > 0) throw ApiError.invalid(faultsOf(errors));
    return dto;
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
    ...Object.values(constraints ?? {}).map((reason) => `${within}${property}: ${reason}`),
    ...faultsOf(children ?? [], `${within}${property}.`),
  ]);
}
