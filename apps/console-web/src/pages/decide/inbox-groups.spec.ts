import {
  cutKinds,
  entriesOf,
  filtered,
  groupedByUrgency,
  obstacleOf,
  valuesOf,
} from './inbox-groups.js';
import { isSamePerson } from '../../session/same-person.js';
import type { InboxEntry } from './evidence/inbox-item.js';

const NOW = Date.parse('2026-11-30T12:00:00.000Z');

function entry(more: Partial<InboxEntry>): InboxEntry {
  return {
    service: 'ledger',
    kind: 'approval',
    id: '1',
    title: 'a title',
    withdrawal_id: null,
    account_id: null,
    venue: null,
    asset: null,
    since: '2026-11-30T11:00:00.000Z',
    asked_by: null,
    expires_at: null,
    roles: ['approve'],
    people: 2,
    more: false,
    ...more,
  };
}

const PETER = { name: 'peter', roles: ['approve'] };

describe('the inbox', () => {
  it('has the items of each service that answered', () =>
    expect(
      entriesOf([
        { service: 'ledger', status: 200, data: [entry({ id: '7' })] },
        { service: 'webhooks', status: 502, message: 'away' },
      ]).map(({ service, id }) => `${service} ${id}`),
    ).toEqual(['ledger 7']));

  it('is grouped by urgency, oldest first, with each item once', () => {
    const entries = [
      entry({ id: 'letter', kind: 'dead_letter' }),
      entry({ id: 'asked', since: '2026-11-30T11:30:00.000Z' }),
      entry({ id: 'asked earlier' }),
      entry({ id: 'soon', expires_at: '2026-11-30T12:59:00.000Z' }),
      entry({ id: 'case', kind: 'case' }),
      entry({ id: 'halt', kind: 'halt', expires_at: '2026-11-30T12:01:00.000Z' }),
      entry({ id: 'of a later release', kind: 'something' as 'halt' }),
    ];

    expect(
      groupedByUrgency(entries, NOW).map(({ title, entries: own }) => [
        title,
        ...own.map(({ id }) => id),
      ]),
    ).toEqual([
      ['Stops payments', 'halt'],
      ['Expires within an hour', 'soon'],
      ['Money without a proven place', 'case'],
      ['Asked by a person or a rule', 'asked earlier', 'asked'],
      ['Other', 'letter', 'of a later release'],
    ]);
  });

  it('is filtered by the URL', () => {
    const entries = [
      entry({ id: '1', venue: 'gateio' }),
      entry({ id: '2', kind: 'halt', service: 'intake-api' }),
      entry({ id: '3', asked_by: 'Peter' }),
      entry({ id: '4', roles: ['operate'] }),
    ];
    const ids = (filter: object) => filtered(entries, filter, PETER).map(({ id }) => id);

    expect(ids({})).toEqual(['1', '2', '3', '4']);
    expect(ids({ venue: 'gateio' })).toEqual(['1']);
    expect(ids({ kind: 'halt', service: 'intake-api', venue: '' })).toEqual(['2']);
    expect(ids({ for: 'me' })).toEqual(['1', '2']);
    expect(valuesOf(entries, ({ venue }) => venue)).toEqual(['gateio']);
  });

  it('says why a person may not decide', () => {
    expect(obstacleOf(entry({ asked_by: 'ada' }), PETER)).toBeNull();
    expect(obstacleOf(entry({ asked_by: ' PETER' }), PETER)).toMatch('another person');
    expect(obstacleOf(entry({ roles: ['operate', 'administer'] }), PETER)).toBe(
      'Needs the role operate or administer.',
    );
    expect(obstacleOf(entry({ kind: 'halt', asked_by: 'peter' }), PETER)).toBeNull();
    expect(isSamePerson('ﬁnn', 'FINN')).toBe(true);
  });

  it('names the kinds that were cut', () =>
    expect(
      cutKinds([entry({ more: true }), entry({ more: true, id: '2' }), entry({ kind: 'halt' })]),
    ).toEqual(['ledger: request of a person']));
});
