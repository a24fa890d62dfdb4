import { CallError } from '../api/call-error.js';
import type { PreparedCall } from '../api/prepared-call.js';
import { keyOf, oneAtATime } from './one-at-a-time.js';

const CALL: PreparedCall = {
  service: 'ledger',
  method: 'POST',
  path: '/internal/payment-approvals/1/votes',
  body: '{}',
  shape: 'one',
  roles: [],
};
const refused = new CallError('ledger', 'refused', 'a passkey is needed', 403);
const lost = new CallError('ledger', 'no_answer', 'the console did not answer');

/** Subjects that another tab receives. */
async function keysReceivedDuring(run: () => Promise<unknown>): Promise<readonly string[]> {
  const received: string[] = [];
  const tab = new BroadcastChannel('sluice-actions');
  tab.onmessage = ({ data }: MessageEvent<{ readonly key: string }>) =>
    void received.push(data.key);
  await run().catch(() => undefined);
  const last = new BroadcastChannel('sluice-actions');
  const isLast = new Promise<void>((resolve) =>
    tab.addEventListener(
      'message',
      ({ data }) => (data as { key: string }).key === 'last' && resolve(),
    ),
  );
  last.postMessage({ key: 'last' });
  await isLast;
  tab.close();
  last.close();
  return received.filter((key) => key !== 'last');
}

describe('a call of one tab', () => {
  it('reaches the others when it was answered, or when its answer was lost', async () => {
    const key = [keyOf(CALL)];

    expect(await keysReceivedDuring(() => oneAtATime(CALL, () => Promise.resolve('done')))).toEqual(
      key,
    );
    expect(await keysReceivedDuring(() => oneAtATime(CALL, () => Promise.reject(lost)))).toEqual(
      key,
    );
  });

  it('does not reach the others when it was refused: it has changed nothing', async () =>
    expect(await keysReceivedDuring(() => oneAtATime(CALL, () => Promise.reject(refused)))).toEqual(
      [],
    ));

  it('is refused while another tab sends one of the same subject', async () => {
    const answer = Promise.withResolvers<string>();
    const first = oneAtATime(CALL, () => answer.promise);

    await expect(oneAtATime(CALL, () => Promise.resolve('twice'))).rejects.toThrow(
      'Another tab is sending this action.',
    );
    answer.resolve('once');
    expect(await first).toBe('once');
  });
});
