// Suites that need no other settings and no other venue share a system, because a start costs 20 s of
// a core. The last suite publishes a spending policy: a looser policy would take effect after a delay.
import './refusals.suite.spec.js';
import './operator.suite.spec.js';
import './payments.suite.spec.js';
import './address-book.suite.spec.js';
import { sharedSystem } from './testkit/shared-system.js';

describe('the system of all suites', () => {
  it('has checked some rows in every check', async () => (await sharedSystem()).expectPopulated());
});

afterAll(async () => (await sharedSystem()).stop());
