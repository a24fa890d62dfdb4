import { testMessageKeys } from '@sluice/test-kit';
import { reportsToAuditor } from './reports-to-auditor.js';

describe('reports to the auditor', () => {
  it('are sent by services with a topic and a key shared with the auditor', () => {
    expect(reportsToAuditor('ledger', testMessageKeys('ledger'))).toBe(true);
    expect(reportsToAuditor('ledger', { names: () => ['ledger'] })).toBe(false);
    expect(reportsToAuditor('signer', testMessageKeys('signer'))).toBe(false);
  });
});
