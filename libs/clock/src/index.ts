export { patchKafkajsClock } from './patch-kafkajs-clock.js';
export { monotonicMs, processTime } from './process-clock.js';
export { RemoteClock, type ClockReading } from './remote-clock.js';
