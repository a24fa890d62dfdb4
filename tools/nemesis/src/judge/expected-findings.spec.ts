import type { Fault } from '../schedule/fault.js';
import { expectedFindings, permitsUnder } from './expected-findings.js';

const of = (fault: Fault) => [...expectedFindings([{ number: 1, atMs: 0, fault }])];

describe('the findings that faults cause', () => {
  it('are none for faults of processes and networks', () => {
    expect(of({ group: 'kill', process: 'auditor.1' })).toEqual([]);
    expect(of({ group: 'group-reset', service: 'auditor' })).toEqual([]);
    expect(of({ group: 'broker', action: 'kill' })).toEqual([]);
  });

  it('are a head that went back for a restored ledger, and missing entries for each restored database', () => {
    const restore = (what: 'all' | 'ledger' | 'webhooks') =>
      of({ group: 'restore', what, live: false, backMs: 1 });

    expect(restore('ledger')).toContain('head_went_back');
    expect(restore('all')).toContain('head_went_back');
    expect(restore('webhooks')).toEqual([
      'audit_entry_missing',
      'approval_without_entry',
      'action_without_approval',
    ]);
  });

  it('are missing facts for lost messages of a followed topic', () => {
    const loss = (topic: string) =>
      of({ group: 'log-loss', action: 'recreate-topic', topics: [topic] });

    expect(loss('ledger.events')).toContain('payment_without_order');
    expect(loss('withdrawal.events')).toEqual([]);
  });

  it('decide whether a run requires permits', () => {
    const under = (fault: Fault) => permitsUnder([{ number: 1, atMs: 0, fault }]);

    expect(under({ group: 'kill', process: 'auditor.1' })).toBe('required');
    expect(under({ group: 'restore', what: 'ledger', live: false, backMs: 1 })).toBe('advisory');
  });
});
