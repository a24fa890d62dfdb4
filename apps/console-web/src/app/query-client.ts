import { QueryClient } from '@tanstack/react-query';
import { CallError } from '../api/call-error.js';

/** Interval of reads without an event, while the tab is visible. */
const SAFETY_NET_MS = 30_000;
const FRESH_MS = 2_000;

/** Reads of the whole console. A change is never repeated by itself. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      refetchInterval: SAFETY_NET_MS,
      refetchIntervalInBackground: false,
      refetchOnWindowFocus: true,
      retry: (count, error) =>
        count < 1 && !(error instanceof CallError && error.failure !== 'no_answer'),
      // A read fails with its own reason also without a network.
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
