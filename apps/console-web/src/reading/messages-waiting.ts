import type { ConsumerDto } from '@sluice/http-api';
import type { Tone } from '../format/states.js';

/** Messages that wait for a service, in words. An unknown number is never none. */
export function messagesWaiting({ topics, faults }: ConsumerDto): {
  readonly tone: Tone;
  readonly text: string;
} {
  if (topics.length === 0) return { tone: 'quiet', text: 'reads no topic' };
  const read = topics.filter(({ partitions }) => partitions > 0);
  const known = read.flatMap(({ waiting }) => waiting ?? []);
  const isUnknown = read.length === 0 || known.length < read.length;
  const text = isUnknown ? 'not known' : String(known.reduce((sum, one) => sum + one, 0));
  if (faults.length > 0) return { tone: 'bad', text };
  return { tone: isUnknown ? 'wait' : 'quiet', text };
}
