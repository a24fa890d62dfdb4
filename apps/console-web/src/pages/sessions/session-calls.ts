import { queryOptions } from '@tanstack/react-query';
import { consoleCall } from '../../api/console-fetch.js';

/** Session of a person at the console. */
export interface ListedSession {
  readonly id: string;
  readonly person: string;
  /** The session of this browser. */
  readonly is_current: boolean;
  readonly created_at: string;
  readonly last_used_at: string;
  readonly idle_ends_at: string;
  readonly ends_at: string;
  readonly address: string;
  readonly browser: string;
}

export const sessionsQuery = queryOptions({
  queryKey: ['console', '/api/sessions'] as const,
  queryFn: async ({ signal }): Promise<readonly ListedSession[]> => {
    const answer = await consoleCall('console', { method: 'GET', path: '/api/sessions', signal });
    return (answer as { readonly data: readonly ListedSession[] }).data;
  },
});

/** Ends one session, or all of the person's own without an id. Returns how many ended. */
export async function endSessions(id?: string): Promise<number> {
  const answer = await consoleCall('console', {
    method: 'DELETE',
    path: id === undefined ? '/api/sessions' : `/api/sessions/${encodeURIComponent(id)}`,
  });
  return (answer as { readonly data: { readonly ended: number } }).data.ended;
}
