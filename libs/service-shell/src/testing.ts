export { testPlatform } from './testing/test-platform.js';
