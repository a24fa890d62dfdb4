import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { consoleFetch } from '../api/console-fetch.js';
import { changedIds, isConcerned } from './changed-ids.js';
import { followStream } from './follow-stream.js';

/** Least time between two readings because of changes. */
const BETWEEN_MS = 3_000;

/**
 * Reads again what changes of withdrawals concern, while the tab is visible. Returns true while the
 * stream is connected; the slow repetition of each read goes on in any case.
 */
export function useLiveWithdrawals(): boolean {
  const [isConnected, setConnected] = useState(false);
  const client = useQueryClient();
  useEffect(() => {
    let control: AbortController | null = null;
    const renewal = gathered(client);
    const follow = (): void => {
      control?.abort();
      control = null;
      if (document.visibilityState !== 'visible') return;
      control = new AbortController();
      void followStream({
        signal: control.signal,
        open: openStream,
        onState: setConnected,
        onGap: () => renewal.add(null),
        onEvent: ({ name, data }) => {
          if (name === 'reset') renewal.add(null);
          else if (name === 'changed') renewal.add(changedIds(data));
        },
      });
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      control?.abort();
      renewal.stop();
      document.removeEventListener('visibilitychange', follow);
    };
  }, [client]);
  return isConnected;
}

function openStream(lastEventId: string | null, signal: AbortSignal): Promise<Response> {
  return consoleFetch('intake-api', {
    method: 'GET',
    path: '/api/services/intake-api/withdrawals/stream',
    headers: {
      accept: 'text/event-stream',
      'sluice-console': 'background',
      ...(lastEventId !== null && { 'last-event-id': lastEventId }),
    },
    signal,
  });
}

/** Gathers changes, and renews the concerned reads once per interval. */
function gathered(client: QueryClient): {
  readonly add: (ids: readonly string[] | null) => void;
  readonly stop: () => void;
} {
  let waiting: Set<string> | 'everything' = new Set();
  let timer: ReturnType<typeof setTimeout> | null = null;
  const renew = (): void => {
    timer = null;
    const ids = waiting === 'everything' ? null : [...waiting];
    waiting = new Set();
    void client.invalidateQueries({
      predicate: ({ queryKey, state }) => isConcerned(queryKey, shownId(state.data), ids),
    });
  };
  return {
    add: (ids) => {
      if (ids === null) waiting = 'everything';
      else if (waiting !== 'everything') for (const id of ids) waiting.add(id);
      timer ??= setTimeout(renew, ids === null ? 0 : BETWEEN_MS);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Id of the withdrawal in the data of a read; null for lists and other data. */
function shownId(data: unknown): string | null {
  const { id } = Object(data) as { readonly id?: unknown };
  return typeof id === 'string' ? id : null;
}
