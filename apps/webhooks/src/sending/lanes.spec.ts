import { type LaneOutcome, Lanes, type PoolPlace, type Seat, type SendingLimits } from './lanes.js';

const LIMITS: SendingLimits = {
  perWebhook: 8,
  perSlowWebhook: 2,
  perAccountAtHost: 16,
  perHost: 40,
  perAccount: 40,
  inAll: 80,
};
const QUICK = { isAnswered: true, tookMs: 5 };
const HANGS = { isAnswered: false, tookMs: 10_000 };

/** Lanes for whose webhooks as much waits as there is room. */
class Sending {
  readonly lanes: Lanes;
  private readonly seats = new Map<string, Seat[]>();

  constructor(
    limits: Partial<SendingLimits> = {},
    private readonly placeOf: (webhookId: string) => PoolPlace = ownPlace,
  ) {
    this.lanes = new Lanes({ ...LIMITS, ...limits });
  }

  expect(...webhookIds: readonly string[]): void {
    for (const id of webhookIds) {
      this.lanes.expect(id);
      this.lanes.locate(id, this.placeOf(id));
    }
  }

  /** Takes all room that there is. */
  take(): Record<string, number> {
    const capacities = this.lanes.capacities();
    this.lanes.asked(capacities);
    for (const { webhookId, slots } of capacities)
      for (let slot = 0; slot < slots; slot++) {
        const seat = this.lanes.began(webhookId, this.placeOf(webhookId));
        this.seats.set(webhookId, [...(this.seats.get(webhookId) ?? []), seat]);
      }
    const taken = capacities.map(({ webhookId, slots }) => [webhookId, slots] as const);
    this.lanes.filled(capacities, new Map(taken));
    return Object.fromEntries(taken);
  }

  ended(webhookId: string, outcome: LaneOutcome): void {
    const seat = this.seats.get(webhookId)?.pop();
    if (!seat) throw new Error(`nothing is under way to ${webhookId}`);
    this.lanes.ended(webhookId, seat, outcome);
  }

  /** Takes all room, and everything that was taken is answered so. */
  round(outcome: LaneOutcome): Record<string, number> {
    const taken = this.take();
    for (const [webhookId, slots] of Object.entries(taken))
      for (let slot = 0; slot < slots; slot++) this.ended(webhookId, outcome);
    return taken;
  }
}

function ownPlace(webhookId: string): PoolPlace {
  return { accountId: `account of ${webhookId}`, host: `${webhookId}.example` };
}
/** `mallory 7` is a webhook of mallory; all of them lead to one host. */
function atOneHost(webhookId: string): PoolPlace {
  return { accountId: webhookId.split(' ')[0] ?? '', host: 'hooks.example' };
}
const named = (account: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${account} ${n}`);
const sumOf = (taken: Record<string, number>) =>
  Object.values(taken).reduce((sum, slots) => sum + slots, 0);

describe('who may send how much', () => {
  it('is few for a webhook that has not answered yet, and more once it was quick', () => {
    const sending = new Sending();
    sending.expect('a');

    expect(sending.take()).toEqual({ a: 2 });
    expect(sending.take()).toEqual({});
    sending.ended('a', QUICK);
    expect(sending.take()).toEqual({ a: 7 });
  });

  it.each([
    ['slow', { isAnswered: true, tookMs: 9_000 }],
    ['dead', { isAnswered: false, tookMs: 3 }],
  ])('is few again once it was %s', (_what, outcome) => {
    const sending = new Sending();
    sending.expect('a');
    sending.take();
    sending.ended('a', QUICK);
    sending.ended('a', outcome);

    expect(sending.take()).toEqual({ a: 2 });
  });

  it('is bounded for the webhooks of one account at one host, and slow ones leave a quarter free', () => {
    const sending = new Sending({}, atOneHost);
    sending.expect('a quick');
    sending.round(QUICK);
    sending.expect(...named('a', 20));

    const taken = sending.take();

    expect(sumOf(taken)).toBe(16);
    expect(taken['a quick']).toBeGreaterThanOrEqual(4);
  });

  it('is not less for another account at the same host, however many places one account fills', () => {
    const sending = new Sending({}, atOneHost);
    sending.expect(...named('mallory', 45));
    sending.take();
    sending.expect('alice quick');

    expect(sending.round(QUICK)).toEqual({ 'alice quick': 2 });
    expect(sending.take()).toEqual({ 'alice quick': 8 });
  });

  it('is not less for quick webhooks where slow ones of many accounts are at the host, or anywhere', () => {
    const sending = new Sending({}, atOneHost);
    sending.expect('alice quick');
    sending.round(QUICK);
    for (const account of ['m', 'n', 'o', 'p', 'q', 'r']) sending.expect(...named(account, 45));

    const taken = sending.take();

    expect(sumOf(taken)).toBe(30 + 8); // three quarters of the host's 40 places, and the quick ones
    expect(taken['alice quick']).toBe(8);
  });

  it('is bounded for one account at all hosts together', () => {
    const ofMallory = (webhookId: string) => ({ ...ownPlace(webhookId), accountId: 'mallory' });
    const sending = new Sending({}, ofMallory);
    sending.expect(...named('mallory', 50));

    expect(sumOf(sending.round(QUICK))).toBe(30);
    expect(sumOf(sending.take())).toBe(40);
    expect(sending.lanes.size).toBe(40);
  });

  it('is bounded in all, and who was served first comes last the next time', () => {
    const sending = new Sending({ inAll: 5 });
    sending.expect('a', 'b', 'c');

    expect(sending.take()).toEqual({ a: 2, b: 1 }); // a slow one finds three of the five places
    sending.ended('a', HANGS);
    expect(sending.take()).toEqual({ c: 1 });
    expect(sending.lanes.size).toBe(3);
  });

  it('is as much as before when everything has ended', () => {
    const sending = new Sending({}, atOneHost);
    sending.expect(...named('a', 20));
    for (let round = 0; round < 5; round++) expect(sumOf(sending.round(HANGS))).toBe(12);
    expect(sending.lanes.size).toBe(0);
  });

  it('is nothing where nothing waits, until something is expected', () => {
    const { lanes } = new Sending();
    lanes.expect('a');
    lanes.locate('a', ownPlace('a'));
    const capacities = lanes.capacities();
    lanes.asked(capacities);
    lanes.filled(capacities, new Map([['a', 1]]));
    expect(lanes.capacities()).toEqual([]);

    lanes.expect('a');

    expect(lanes.capacities()).toEqual([{ webhookId: 'a', slots: 2 }]);
  });

  it('is nothing for a webhook that nothing can be sent to', () => {
    const lanes = new Lanes(LIMITS);
    lanes.expect('gone');
    expect(lanes.waiting()).toEqual(['gone']);

    lanes.locate('gone', null);

    expect([lanes.waiting(), lanes.capacities()]).toEqual([[], []]);
  });

  it('does not forget what was expected while it was being asked for', () => {
    const sending = new Sending();
    sending.expect('a');
    const capacities = sending.lanes.capacities();
    sending.lanes.asked(capacities);
    sending.lanes.expect('a');
    sending.lanes.filled(capacities, new Map());

    expect(sending.lanes.capacities()).toHaveLength(1);
  });
});

describe('a free slot for a new delivery', () => {
  const place = ownPlace('a');

  it('is given within the same limits, and again after its end', () => {
    const { lanes } = new Sending();
    const seats = [lanes.takeFree('a', place), lanes.takeFree('a', place)];
    expect(lanes.takeFree('a', place)).toBeNull();

    lanes.ended('a', seats[1] as Seat, { isAnswered: false, tookMs: 0 });

    expect(lanes.size).toBe(1);
    expect(lanes.takeFree('a', place)).not.toBeNull();
  });

  it('is not given past older deliveries, nor during a claim of free slots', () => {
    const sending = new Sending();
    sending.expect('a');
    expect(sending.lanes.takeFree('a', place)).toBeNull();
    sending.round(QUICK);

    expect(sending.lanes.takeFree('b', ownPlace('b'))).toBeNull();
    sending.lanes.settled();
    expect(sending.lanes.takeFree('b', ownPlace('b'))).not.toBeNull();
  });
});
