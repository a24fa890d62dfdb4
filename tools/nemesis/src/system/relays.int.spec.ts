import { TcpProxy } from '@sluice/test-kit';
import { createServer as createHttp, type Server } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { simulatedOf } from '@sluice/stack';
import { freePort } from '@sluice/test-servers';
import { VenueRelay } from './venue-relay.js';

const PAY = '/api/v4/withdrawals';
const LIST = '/api/v4/wallet/withdrawals';
const RECORDS = Array.from({ length: 9 }, (_, index) => ({
  id: `w${index}`,
  amount: '1.5',
  status: 'DONE',
}));

describe('the relay before a venue', () => {
  let taken: number;
  let venue: Server;
  let relay: VenueRelay;
  let url: string;
  beforeEach(async () => {
    taken = 0;
    venue = createHttp((request, response) => {
      if (request.method === 'POST') taken += 1;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.method === 'POST' ? { id: `w${taken}` } : RECORDS));
    });
    await new Promise<void>((resolve) => venue.listen(0, '127.0.0.1', resolve));
    const port = await freePort();
    relay = await VenueRelay.open(
      port,
      (venue.address() as AddressInfo).port,
      simulatedOf('gateio').api,
      () => 0,
    );
    url = `http://127.0.0.1:${port}`;
  });
  afterEach(async () => {
    relay.close();
    venue.closeAllConnections();
    await new Promise((resolve) => venue.close(resolve));
  });

  const pay = (patienceMs = 5_000) =>
    fetch(`${url}${PAY}`, { method: 'POST', body: '{}', signal: AbortSignal.timeout(patienceMs) });
  const list = async () => (await (await fetch(`${url}${LIST}`)).json()) as typeof RECORDS;

  it('changes nothing without a fault', async () => {
    expect(await (await pay()).json()).toEqual({ id: 'w1' });
    expect(await list()).toEqual(RECORDS);
  });

  it('cuts the answer to a payment that the venue has taken', async () => {
    relay.set([{ requestFault: { kind: 'cut' }, share: 1 }]);

    await expect(pay()).rejects.toThrow();
    expect(taken).toBe(1);
  });

  it('refuses a paid request in the format of the venue', async () => {
    relay.set([{ requestFault: { kind: 'refuses-and-pays' }, share: 1 }]);

    const answer = await pay();

    expect({ status: answer.status, body: await answer.json(), taken }).toEqual({
      status: 400,
      body: { label: 'BALANCE_NOT_ENOUGH', message: 'Not enough balance' },
      taken: 1,
    });
  });

  it('delivers late what its sender has given up', async () => {
    relay.set([{ requestFault: { kind: 'late', ms: 600 }, share: 1 }]);

    await expect(pay(200)).rejects.toThrow();
    expect(taken).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));

    expect(taken).toBe(1);
  });

  it('counts the requests that a fault met, and no others', async () => {
    let met = 0;
    relay.set([{ requestFault: { kind: 'cut' }, share: 1, onStrike: () => void (met += 1) }]);

    await list();
    expect(met).toBe(0);
    await expect(pay()).rejects.toThrow();

    expect(met).toBe(1);
  });

  it('gives two answers that cross each other’s place', async () => {
    relay.set([{ requestFault: { kind: 'swaps-answers' }, share: 1 }]);

    const ids = await Promise.all(
      [pay(), new Promise((resolve) => setTimeout(resolve, 200)).then(() => pay())].map(
        async (answer) => ((await (await answer).json()) as { id: string }).id,
      ),
    );

    expect(ids).toEqual(['w2', 'w1']);
  });

  it('leaves out the same records each time, or shows others’ amounts, and no more', async () => {
    relay.set([{ requestFault: { kind: 'omits' }, share: 1 }]);
    const once = await list();
    expect(await list()).toEqual(once);
    expect(once.length).toBeGreaterThan(0);
    expect(once.length).toBeLessThan(RECORDS.length);

    relay.set([{ requestFault: { kind: 'other-amount' }, share: 1 }]);
    const amounts = (await list()).map(({ amount }) => amount);
    expect(new Set(amounts)).toEqual(new Set(['1.5', '1.6']));
  });
});

describe('the relay before a server', () => {
  it('holds up one direction, swallows it, and cuts everything', async () => {
    const echo = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const relay = await TcpProxy.to((echo.address() as AddressInfo).port);
    const client = connect(relay.port, '127.0.0.1');
    const received: string[] = [];
    client.on('data', (chunk) => received.push(String(chunk))).on('error', () => undefined);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    const says = async (text: string, waitMs: number): Promise<string> => {
      client.write(text);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      return received.splice(0).join('');
    };

    expect(await says('a', 500)).toBe('a');
    relay.set({ delayMs: { back: 1_000 } });
    expect(await says('b', 300)).toBe('');
    expect(await says('c', 2_000)).toBe('bc');
    relay.set({ swallow: 'there' });
    expect(await says('d', 500)).toBe('');
    expect(relay.struck).toBe(3);
    relay.set({ refuse: true });
    await closed;

    await relay.close();
    echo.close();
  });
});
