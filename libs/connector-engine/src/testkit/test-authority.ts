import { connectorOf } from '@sluice/messages';
import { testMessageKeys } from '@sluice/test-kit';
import { SendAuthority } from '../authority/send-authority.js';

const KEYS = testMessageKeys(connectorOf('testvenue'));

export const TEST_AUTHORITY = new SendAuthority('testvenue', KEYS);

/** Test authority without orders: accepts every order, and seals like the real authority. */
class AnyOrder extends SendAuthority {
  override fault(): null {
    return null;
  }
}

export const ANY_ORDER = new AnyOrder('testvenue', KEYS);
