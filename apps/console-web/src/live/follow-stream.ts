import { CallError } from '../api/call-error.js';
import { eventParser, type StreamEvent } from './event-parser.js';

/** Longest silence: the service writes a line every 15 s. */
const SILENCE_MS = 40_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface FollowedStream {
  /** Opens the stream after the event with this id. */
  readonly open: (lastEventId: string | null, signal: AbortSignal) => Promise<Response>;
  readonly onEvent: (event: StreamEvent) => void;
  /** Called when events may have been missed: everything has to be read again. */
  readonly onGap: () => void;
  readonly onState: (isConnected: boolean) => void;
  /** Ends the reading for good. */
  readonly signal: AbortSignal;
}

/** Reads a stream until the signal, connects again after each end, and reports possible gaps. */
export async function followStream(stream: FollowedStream): Promise<void> {
  const { signal, onState } = stream;
  let lastEventId: string | null = null;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const attempt = await readOnce(stream, lastEventId);
    onState(false);
    if (attempt.isEnded) return;
    lastEventId = attempt.lastEventId;
    pauseMs = attempt.wasConnected ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    await pause(pauseMs, signal);
  }
}

interface StreamAttempt {
  readonly lastEventId: string | null;
  readonly wasConnected: boolean;
  readonly isEnded: boolean;
}

async function readOnce(
  { open, onEvent, onGap, onState, signal }: FollowedStream,
  before: string | null,
): Promise<StreamAttempt> {
  let lastEventId = before;
  let wasConnected = false;
  const quiet = new AbortController();
  let timer = setTimeout(() => quiet.abort(), SILENCE_MS);
  try {
    const response = await open(before, AbortSignal.any([signal, quiet.signal]));
    if (response.status === 401) return { lastEventId, wasConnected, isEnded: true };
    if (!response.ok || response.body === null)
      return { lastEventId, wasConnected, isEnded: false };
    wasConnected = true;
    onState(true);
    // The service replays what follows a known event, or sends a reset.
    if (before === null) onGap();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = eventParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(() => quiet.abort(), SILENCE_MS);
      for (const event of parser.push(value)) {
        lastEventId = event.id ?? lastEventId;
        onEvent(event);
      }
    }
  } catch (error) {
    const isOver = error instanceof CallError && error.failure === 'session_ended';
    return { lastEventId, wasConnected, isEnded: signal.aborted || isOver };
  } finally {
    clearTimeout(timer);
  }
  return { lastEventId, wasConnected, isEnded: signal.aborted };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
