export { crashAt, type CrashPoint } from './crash-point.js';
