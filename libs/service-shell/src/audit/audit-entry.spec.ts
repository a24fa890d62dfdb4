import { type AuditRow, entryMessage } from './audit-entry.js';

const ROW: AuditRow = {
  sequence: '42',
  call_id: 'call',
  at: '2026-11-26T12:00:00.123456Z',
  service: 'ledger',
  caller_kind: 'person',
  caller_name: 'peter',
  caller_roles: ['operate'],
  remote: '::1',
  method: 'POST',
  route: '/internal/halts/:id/lift',
  target: `/internal/halts/${'9'.repeat(600)}`,
  body_digest: 'ab',
  summary: 'a secret text',
  status: 200,
  refusal: null,
  key_id: 'k1',
};
const [HASH, BEFORE] = ['ab'.repeat(32), 'cd'.repeat(32)];

describe('the message of an audit entry', () => {
  it('has number, both hashes, caller, route and status, for the auditor alone', () => {
    const wire = entryMessage(ROW, HASH, { sequence: '41', hash: BEFORE });

    expect(wire).toMatchObject({ topic: 'audit.ledger', consumer: 'auditor', key: 'ledger' });
    expect(JSON.parse(wire.value)).toMatchObject({
      number: '42',
      hash: HASH,
      previousHash: BEFORE,
      callerName: 'peter',
      route: '/internal/halts/:id/lift',
      status: 200,
    });
    expect(wire.value).not.toContain('a secret text');
  });
});
