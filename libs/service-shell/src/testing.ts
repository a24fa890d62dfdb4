export {
  testPlatform,
  TEST_SEALS,
  testApprovals,
  testPasskeyRule,
  testSeals,
} from './testing/test-platform.js';
