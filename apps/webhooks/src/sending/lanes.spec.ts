import { Lanes, type SendingLimits } from './lanes.js';

const LIMITS: SendingLimits = { perWebhook: 8, perSlowWebhook: 2, perHost: 10, inAll: 20 };
const QUICK = { isAnswered: true, tookMs: 5 };

/** Takes all room that there is, as if so much waited for everybody. */
function take(lanes: Lanes, hostOf: (webhookId: string) => string): Record<string, number> {
  const capacities = lanes.capacities();
  lanes.asked(capacities);
  for (const { webhookId, slots } of capacities)
    for (let slot = 0; slot < slots; slot++) lanes.began(webhookId, hostOf(webhookId));
  lanes.filled(capacities, new Map(capacities.map(({ webhookId, slots }) => [webhookId, slots])));
  return Object.fromEntries(capacities.map(({ webhookId, slots }) => [webhookId, slots]));
}
const ownHost = (webhookId: string) => `${webhookId}.example`;

describe('who may send how much', () => {
  it('is few for a webhook that has not answered yet, and more once it was quick', () => {
    const lanes = new Lanes(LIMITS);
    lanes.expect('a');

    expect(take(lanes, ownHost)).toEqual({ a: 2 });
    expect(take(lanes, ownHost)).toEqual({});
    lanes.ended('a', ownHost('a'), QUICK);
    expect(take(lanes, ownHost)).toEqual({ a: 7 });
  });

  it.each([
    ['slow', { isAnswered: true, tookMs: 9_000 }],
    ['dead', { isAnswered: false, tookMs: 3 }],
  ])('is few again once it was %s', (_what, outcome) => {
    const lanes = new Lanes(LIMITS);
    lanes.expect('a');
    take(lanes, ownHost);
    lanes.ended('a', ownHost('a'), QUICK);
    lanes.ended('a', ownHost('a'), outcome);

    expect(take(lanes, ownHost)).toEqual({ a: 2 });
  });

  it('is bounded for all webhooks of one host together', () => {
    const lanes = new Lanes(LIMITS);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    names.forEach((name) => lanes.expect(name));
    take(lanes, () => 'one.example');
    names.forEach((name) => lanes.ended(name, 'one.example', QUICK));

    const taken = take(lanes, () => 'one.example');

    expect(Object.values(taken).reduce((sum, slots) => sum + slots, 0)).toBe(10 - 7);
  });

  it('is bounded in all, and who was served first comes last the next time', () => {
    const lanes = new Lanes({ ...LIMITS, inAll: 4 });
    ['a', 'b', 'c'].forEach((name) => lanes.expect(name));

    expect(take(lanes, ownHost)).toEqual({ a: 2, b: 2 });
    lanes.ended('a', ownHost('a'), QUICK);
    expect(take(lanes, ownHost)).toEqual({ c: 1 });
    expect(lanes.size).toBe(4);
  });

  it('is nothing where nothing waits, until something is expected', () => {
    const lanes = new Lanes(LIMITS);
    lanes.expect('a');
    const capacities = lanes.capacities();
    lanes.asked(capacities);
    lanes.filled(capacities, new Map([['a', 1]]));
    expect(lanes.capacities()).toEqual([]);

    lanes.expect('a');

    expect(lanes.capacities()).toEqual([{ webhookId: 'a', slots: 2 }]);
  });

  it('does not forget what was expected while it was being asked for', () => {
    const lanes = new Lanes(LIMITS);
    lanes.expect('a');
    const capacities = lanes.capacities();
    lanes.asked(capacities);
    lanes.expect('a');
    lanes.filled(capacities, new Map());

    expect(lanes.capacities()).toHaveLength(1);
  });
});
