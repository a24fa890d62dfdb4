export { lastRelease, type LastRelease } from './last-release.js';
export { upgradeFaults } from './upgrade-faults.js';
