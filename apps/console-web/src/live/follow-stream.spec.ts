import { followStream } from './follow-stream.js';

type Opening = (signal: AbortSignal) => Response;

function stream(...texts: readonly string[]): Opening {
  return () =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
          controller.close();
        },
      }),
    );
}

/** Follows streams until the last opening, which ends the reading. */
async function followed(openings: readonly Opening[]) {
  const control = new AbortController();
  const seen: string[] = [];
  const opened: (string | null)[] = [];
  const rest = [...openings];
  await followStream({
    signal: control.signal,
    open: (lastEventId, signal) => {
      opened.push(lastEventId);
      const next = rest.shift();
      if (rest.length === 0) control.abort();
      return next === undefined ? Promise.reject(new Error('away')) : Promise.resolve(next(signal));
    },
    onEvent: ({ name, data }) => seen.push(`${name} ${data}`),
    onGap: () => seen.push('gap'),
    onState: (isConnected) => seen.push(isConnected ? 'connected' : 'away'),
  });
  return { seen, opened };
}

describe('a followed stream', () => {
  it('reports a gap before its first event, and is opened again after the last event', async () => {
    const { seen, opened } = await followed([
      stream('id: 4\nevent: changed\ndata: x\n\n'),
      stream(''),
    ]);

    expect(opened).toEqual([null, '4']);
    expect(seen).toEqual(['connected', 'gap', 'changed x', 'away', 'connected', 'away']);
  });

  it('ends with the session', async () => {
    const { opened, seen } = await followed([
      () => new Response(null, { status: 401 }),
      stream('never'),
    ]);

    expect(opened).toEqual([null]);
    expect(seen).toEqual(['away']);
  });

  it('is tried again after a refusal, without a gap before it was connected', async () => {
    const { seen } = await followed([() => new Response(null, { status: 502 }), stream('')]);

    expect(seen).toEqual(['away', 'connected', 'gap', 'away']);
  });
});
