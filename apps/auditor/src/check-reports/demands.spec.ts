import { demandRows } from './demands.js';

type DemandMessage = Parameters<typeof demandRows>[1][number];

const DEMAND = {
  service: 'intake-api',
  demandId: '3',
  action: 'lift halt',
  target: '7',
  digest: 'ab',
  requestedBy: 'Peter',
  requestedAt: '2026-11-26T08:01:00.140000Z',
  callId: 'c',
};
const message = (type: string, data: object): DemandMessage =>
  ({
    id: 'm',
    source: 'ledger',
    subject: 'ledger',
    time: '',
    type,
    data,
  }) as object as DemandMessage;

describe('the row of a demand', () => {
  it('has the service of the topic, and no second person', () => {
    expect(demandRows('ledger', [message('audit.demand-requested.v1', DEMAND)])).toEqual([
      {
        message_id: 'm',
        service: 'ledger',
        demand_id: '3',
        action: 'lift halt',
        target: '7',
        digest: 'ab',
        requested_by: 'Peter',
        requested_names: expect.arrayContaining(['peter']) as string[],
        requested_at: '2026-11-26T08:01:00.140000Z',
        approved_by: null,
        approved_names: null,
        approved_at: null,
        call_id: 'c',
      },
    ]);
  });

  it.each(['PETER', 'ＰETER', 'Реtеr'])(
    'has a common folded name for Peter and %s',
    (approvedBy) => {
      const approval = { ...DEMAND, approvedBy, approvedAt: '2026-11-26T08:05:00.140000Z' };
      const [row] = demandRows('ledger', [message('audit.demand-approved.v1', approval)]);

      expect(row).toMatchObject({ approved_by: approvedBy, approved_at: approval.approvedAt });
      expect(row?.approved_names?.some((name) => row.requested_names.includes(name))).toBe(true);
    },
  );
});
