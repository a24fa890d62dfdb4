export { testPlatform, TEST_SEALS, testApprovals, testSeals } from './testing/test-platform.js';
