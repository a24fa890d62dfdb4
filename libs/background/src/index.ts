export { BackgroundLoop } from './background-loop.js';
export { Batcher } from './batcher.js';
export { inHalves } from './in-halves.js';
export { type Logger } from './logger.js';
export { restAfterMs } from './rest-after.js';
