import 'reflect-metadata';
import type { Columns } from '@sluice/kernel';

/** Fields of a DTO in the OpenAPI document, sorted. */
export function fieldsOf({ prototype }: { prototype: object }): string[] {
  const fields = Reflect.getMetadata('swagger/apiModelPropertiesArray', prototype) as string[];
  return fields.map((field) => field.slice(1)).sort();
}

/** Names of the columns in the APIs, with the names of computed fields, sorted. */
export function namesIn(columns: Columns, computed: readonly string[] = []): string[] {
  return [...Object.values(columns).map(({ api, column }) => api ?? column), ...computed].sort();
}
