import { queryOptions } from '@tanstack/react-query';
import { consoleCall } from './console-fetch.js';
import { send, type PreparedCall } from './prepared-call.js';

/** Reads of one service; the key begins with `service` and the path. */
export function readOf<Answer>(call: PreparedCall<Answer>) {
  return queryOptions({
    queryKey: [call.service, call.path, call.body] as const,
    queryFn: ({ signal }) => send(call, { signal }),
  });
}

/** Answer of one service to a read of every service. */
export interface EveryAnswer<Data> {
  readonly service: string;
  readonly status: number;
  readonly data?: Data;
  readonly message?: string;
}

/** Reads the same route at every service. The key begins with `every` and the path. */
export function everyOf<Data>(call: PreparedCall<Data>) {
  return queryOptions({
    queryKey: ['every', call.path] as const,
    queryFn: async ({ signal }): Promise<readonly EveryAnswer<Data>[]> => {
      const answer = await consoleCall('console', {
        method: 'GET',
        path: `/api/every${call.path.replace(/^\/internal/, '')}`,
        signal,
      });
      const { data } = answer as { readonly data: readonly EveryAnswer<Data>[] };
      return data;
    },
  });
}
