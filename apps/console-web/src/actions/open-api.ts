import { queryOptions } from '@tanstack/react-query';
import { consoleCall } from '../api/console-fetch.js';

/** Schema of a value in an OpenAPI document, as far as the forms read it. */
export interface ApiSchema {
  readonly $ref?: string;
  readonly allOf?: readonly ApiSchema[];
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly nullable?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly items?: ApiSchema;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly required?: readonly string[];
}

interface ApiParameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: ApiSchema;
}

interface ApiOperation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: {
    readonly content?: Readonly<Record<string, { readonly schema?: ApiSchema }>>;
  };
  readonly 'x-requires'?: readonly string[];
}

/** OpenAPI document of a service's admin API. */
export interface ServiceDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, ApiSchema>> };
}

/** Reads a service's document once; a release changes it, and then the page is loaded again. */
export function apiDocumentOf(service: string) {
  return queryOptions({
    queryKey: ['openapi', service] as const,
    queryFn: async ({ signal }): Promise<ServiceDocument> => {
      const path = `/api/services/${service}/openapi.json`;
      return (await consoleCall(service, { method: 'GET', path, signal })) as ServiceDocument;
    },
    staleTime: Infinity,
    gcTime: Infinity,
    refetchInterval: false,
    refetchOnWindowFocus: false,
  });
}
