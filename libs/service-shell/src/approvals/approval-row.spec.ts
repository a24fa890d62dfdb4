import { TEST_SEALS } from '../testing/test-platform.js';
import { APPROVAL_KIND, approvalContent, REQUEST_KIND, requestContent } from './approval-row.js';

const ROW = {
  id: '1',
  action: 'lift halt',
  target: '7',
  request: '{}',
  digest: 'ab',
  requested_by: 'olivia',
  requested_with: null,
  expires_at: new Date(0),
  requested_text: '2026-11-26T00:00:00.000000Z',
  expires_text: '2026-11-27T00:00:00.000000Z',
  now_text: '2026-11-26T01:00:00.000000Z',
  has_expired: false,
  approved_by: null,
  approved_with: null,
  voided_by: null,
  request_seal: null,
};
const PETER = { approvedBy: 'peter', approvedWith: 'key 2', roles: ['operate', 'approve'] };
const BY = [PETER, ROW.now_text] as const;

describe('the seal of an approval', () => {
  it.each([
    'id',
    'action',
    'target',
    'digest',
    'requested_by',
    'requested_with',
    'requested_text',
    'expires_text',
  ] as const)('covers %s of the request', (column) => {
    const request = TEST_SEALS.seal(REQUEST_KIND, requestContent(ROW));
    const approval = TEST_SEALS.seal(APPROVAL_KIND, approvalContent(ROW, ...BY));
    const other = { ...ROW, [column]: 'x' };

    expect(TEST_SEALS.isSealed(REQUEST_KIND, requestContent(ROW), request)).toBe(true);
    expect(TEST_SEALS.isSealed(REQUEST_KIND, requestContent(other), request)).toBe(false);
    expect(TEST_SEALS.isSealed(APPROVAL_KIND, approvalContent(ROW, ...BY), approval)).toBe(true);
    expect(TEST_SEALS.isSealed(APPROVAL_KIND, approvalContent(other, ...BY), approval)).toBe(false);
  });

  it.each<[string, [typeof PETER, string]]>([
    ['the second person', [{ ...PETER, approvedBy: 'eve' }, ROW.now_text]],
    ["the second person's passkey", [{ ...PETER, approvedWith: 'key 3' }, ROW.now_text]],
    ['the roles', [{ ...PETER, roles: ['approve'] }, ROW.now_text]],
    ['the time', [PETER, 'x']],
  ])('covers %s', (_what, by) => {
    const seal = TEST_SEALS.seal(APPROVAL_KIND, approvalContent(ROW, ...BY));

    expect(TEST_SEALS.isSealed(APPROVAL_KIND, approvalContent(ROW, ...by), seal)).toBe(false);
  });

  it('of a request is none of its approval', () => {
    const seal = TEST_SEALS.seal(REQUEST_KIND, requestContent(ROW));

    expect(TEST_SEALS.isSealed(APPROVAL_KIND, requestContent(ROW), seal)).toBe(false);
  });
});
