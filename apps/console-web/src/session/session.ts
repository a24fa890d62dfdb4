import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { consoleCall } from '../api/console-fetch.js';

/** Session of the signed-in person. */
export interface ConsoleSession {
  readonly name: string;
  readonly roles: readonly string[];
  readonly ends_at: string;
  readonly idle_ends_at: string;
  /** Names of the services that the console can ask. */
  readonly services: readonly string[];
  readonly version: string;
  /** Address of a trace, with `{trace_id}`; null without a collector. */
  readonly trace_url: string | null;
}

const SESSION_KEY = ['session'] as const;

/** Reads the session, also in hidden tabs: the server decides when it ends. */
export const sessionQuery = queryOptions({
  queryKey: SESSION_KEY,
  refetchIntervalInBackground: true,
  queryFn: async ({ client, signal }): Promise<ConsoleSession> => {
    const answer = await consoleCall('console', { method: 'GET', path: '/api/session', signal });
    const { data } = answer as { readonly data: ConsoleSession };
    const before = client.getQueryData<ConsoleSession>(SESSION_KEY);
    if (before !== undefined && before.name !== data.name) forgetData(client);
    return data;
  },
});

const forgetting = new Set<() => void>();

/** Calls the listener when what a person saw is removed. */
export function onForgotten(listener: () => void): void {
  forgetting.add(listener);
}

/** Removes the data of a person, and the open dialog: another person may sign in. */
export function forgetData(client: QueryClient): void {
  for (const listener of forgetting) listener();
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
}

/** Ends the session. Returns the address at which the issuer ends its own session. */
export async function logOut(): Promise<string> {
  const answer = await consoleCall('console', { method: 'POST', path: '/auth/logout' });
  return (answer as { readonly data: { readonly end_session_url: string } }).data.end_session_url;
}

/** Address of the login that returns to this place of the console. */
export function loginPath(place: string): string {
  return `/auth/login?to=${encodeURIComponent(place)}`;
}
