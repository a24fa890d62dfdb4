import type { HaltDto } from '@sluice/http-api';

/** A halt with the service that keeps it. */
export type HaltOf = HaltDto & { readonly service: string };

/** Halts of a service that are not lifted. */
export function inForce(service: string, halts: readonly HaltDto[]): readonly HaltOf[] {
  return halts.filter(({ lifted_at: at }) => at === null).map((halt) => ({ ...halt, service }));
}
