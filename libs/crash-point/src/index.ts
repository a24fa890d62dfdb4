export { CRASH_POINTS, crashAt, type CrashPoint } from './crash-point.js';
