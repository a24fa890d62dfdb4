import type { InboxItemDto } from '@sluice/http-api';
import { glanceOf, type GlanceFacts } from './glance.js';

const AT = '2026-11-30T14:00:00Z';
const NOW = Date.parse(AT);
const BEFORE = '2026-11-30T13:40:00Z';
const CALM: GlanceFacts = {
  inbox: [{ service: 'ledger', status: 200, data: [] }],
  counts: { complete: true, states: [], counted_at: AT },
  consumption: [{ service: 'ledger', status: 200, data: { faults: [] } }],
  venues: [],
  nowMs: NOW,
};
const VENUE = {
  venue: 'gateio',
  last_answer_at: AT,
  records: [],
  balances: [],
  pauses: [],
  queues: [],
};

function venueOf(changes: object): GlanceFacts {
  const data = { ...VENUE, ...changes };
  return { ...CALM, venues: [{ service: 'connector-gateio', status: 200, data }] };
}

function item(kind: InboxItemDto['kind'], title = 'a title', more = false) {
  return { kind, title, more };
}

function inboxOf(...data: ReturnType<typeof item>[]): GlanceFacts {
  return { ...CALM, inbox: [{ service: 'ledger', status: 200, data }] };
}

function countsOf(state: 'uncertain' | 'awaiting_approval' | 'undecided', minutesOld: number) {
  const oldest = new Date(NOW - minutesOld * 60_000).toISOString();
  return {
    ...CALM,
    counts: {
      complete: true,
      counted_at: AT,
      states: [{ state, count: 2, oldest_since: oldest, assets: [], ages: [] }],
    },
  };
}

describe('one glance', () => {
  it('says that everything is fine when each service has said so', () =>
    expect(glanceOf(CALM)).toEqual({
      tone: 'good',
      headline: 'Everything is fine.',
      problems: [],
    }));

  it.each([
    ['a service did not answer', { inbox: [{ service: 'signer', status: 502, message: 'away' }] }],
    ['no service answered', { inbox: null }],
    ['the messages are not known', { consumption: null }],
    ['a service did not tell', { consumption: [{ service: 'signer', status: 502 }] }],
    ['nothing was counted', { counts: null }],
    ['not all was counted', { counts: { complete: false, states: [], counted_at: AT } }],
    ['the count is old', { counts: { complete: true, states: [], counted_at: BEFORE } }],
    ['the time is not known', { nowMs: null }],
    ['a venue is not known', { venues: [{ service: 'connector-gateio', status: 504 }] }],
  ])('never says so when %s', (_what, facts) => {
    const { tone, headline, problems } = glanceOf({ ...CALM, ...facts });

    expect(tone).toBe('bad');
    expect(headline).toContain('not known');
    expect(problems).toHaveLength(1);
  });

  it('does not say so before the answers', () => {
    expect(glanceOf({ ...CALM, inbox: undefined }).tone).toBe('quiet');
    expect(glanceOf({ ...CALM, venues: undefined }).tone).toBe('quiet');
    expect(glanceOf({ ...CALM, consumption: undefined }).tone).toBe('quiet');
    expect(glanceOf({ ...CALM, counts: undefined }).headline).toBe('The services are being asked.');
  });

  it('names a service that does not read its messages', () => {
    const data = { faults: ['kafka: 7 records wait'] };

    const { tone, problems } = glanceOf({
      ...CALM,
      consumption: [{ service: 'ledger', status: 200, data }],
    });

    expect(tone).toBe('wait');
    expect(problems).toEqual([
      {
        tone: 'wait',
        sentence: 'ledger does not read all its messages: kafka: 7 records wait.',
        to: '/system',
        search: { service: 'ledger' },
      },
    ]);
  });

  it('names a silent service once', () => {
    const silent = [{ service: 'connector-gateio', status: 502, message: 'away' }];

    const { problems } = glanceOf({ ...CALM, inbox: silent, consumption: silent, venues: silent });

    expect(problems).toHaveLength(1);
  });

  it('names a fault with its own words, and leads to it', () =>
    expect(glanceOf(inboxOf(item('halt', 'Gate.io is halted since a break')))).toEqual({
      tone: 'bad',
      headline: 'Not everything is fine: people have to act.',
      problems: [
        {
          tone: 'bad',
          sentence: '1 halt: Gate.io is halted since a break.',
          to: '/decide',
          search: { kind: 'halt' },
        },
      ],
    }));

  it('counts several of a kind, and says when the list was cut', () => {
    const { problems } = glanceOf(inboxOf(item('dead_letter', 'x', true), item('dead_letter')));

    expect(problems.map(({ sentence }) => sentence)).toEqual(['More than 2 dead letters.']);
  });

  it('is fine while people are asked for their usual decisions', () => {
    const { tone, headline, problems } = glanceOf(inboxOf(item('approval', 'Fund 5')));

    expect([tone, headline]).toEqual(['good', 'Everything is fine. People are waited for.']);
    expect(problems).toHaveLength(1);
  });

  it('names a state that lasts longer than usual', () => {
    expect(glanceOf(countsOf('uncertain', 20))).toMatchObject({
      tone: 'wait',
      problems: [{ sentence: 'A withdrawal has been uncertain for 20 min (usual: 15 min).' }],
    });
    expect(glanceOf(countsOf('uncertain', 10)).tone).toBe('good');
    expect(glanceOf(countsOf('awaiting_approval', 20)).tone).toBe('good');
    expect(glanceOf(countsOf('undecided', 1)).tone).toBe('wait');
  });

  it.each([
    [{ last_answer_at: null }, 'gateio has not answered since the start.'],
    [{ last_answer_at: BEFORE }, 'gateio has not answered since 2026-11-30 13:40:00 UTC.'],
    [
      { pauses: [{ endpoint: '/withdrawals', cause: 'status 429', until: AT }] },
      'gateio is not called at /withdrawals: status 429.',
    ],
    [
      { queues: [{ state: 'unknown', count: 1, oldest_at: BEFORE }] },
      'A submission at gateio has been unknown for 20 min (usual: 15 min).',
    ],
  ])('names a venue with %j', (changes, sentence) =>
    expect(glanceOf(venueOf(changes))).toMatchObject({
      tone: 'wait',
      headline: 'Payments take longer than usual.',
      problems: [{ sentence, to: '/venues/connector-gateio' }],
    }),
  );

  it('is fine with a venue that answers, also to another process of its connector', () => {
    const records = [{ form: 'chain', read_through: BEFORE, read_at: AT }];

    expect(glanceOf(venueOf({})).headline).toBe('Everything is fine.');
    expect(glanceOf(venueOf({ last_answer_at: null, records })).tone).toBe('good');
    expect(glanceOf(venueOf({ last_answer_at: BEFORE, records })).tone).toBe('good');
  });
});
