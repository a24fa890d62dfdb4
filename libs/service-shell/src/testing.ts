export { testPlatform } from './testing/test-platform.js';
export { TEST_SEALS, testApprovals, testSeals } from './testing/test-seals.js';
