import { CallError } from '../api/call-error.js';
import type { PreparedCall } from '../api/prepared-call.js';

const CHANNEL = 'sluice-actions';
/** Channels of the same tab hear each other too. */
const TAB = crypto.randomUUID();

interface SentNote {
  readonly key: string;
  readonly tab: string;
}

/** Name of what a call changes: two calls with the same key are never in flight together. */
export function keyOf({ service, method, path }: PreparedCall): string {
  return `${service} ${method} ${path}`;
}

/**
 * Sends a call while no other tab of this browser sends one for the same subject. Unless the call was
 * refused, the other tabs hear of it, and end their open dialogs of the same subject.
 */
export function oneAtATime<Answer>(
  call: PreparedCall,
  run: () => Promise<Answer>,
): Promise<Answer> {
  const key = keyOf(call);
  return navigator.locks.request(`sluice ${key}`, { ifAvailable: true }, async (lock) => {
    if (lock === null)
      throw new CallError(
        call.service,
        'refused',
        'Another tab is sending this action. Close this dialog, and read the state now.',
      );
    try {
      const answer = await run();
      tell(key);
      return answer;
    } catch (error) {
      // A refused call has changed nothing. The demand for a passkey is such a refusal.
      if (!(error instanceof CallError && error.failure === 'refused')) tell(key);
      throw error;
    }
  });
}

function tell(key: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ key, tab: TAB } satisfies SentNote);
  channel.close();
}

/** Calls the listener when another tab has sent a call of this subject. Returns the removal. */
export function onSentElsewhere(key: string, listener: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<SentNote>) => {
    if (data.key === key && data.tab !== TAB) listener();
  };
  return () => channel.close();
}
