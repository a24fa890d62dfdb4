import { testMessageKeys } from '@sluice/test-kit';
import { HoldAuthority } from '../commands/hold-authority.js';

export const TEST_AUTHORITY = new HoldAuthority(testMessageKeys('ledger'));
