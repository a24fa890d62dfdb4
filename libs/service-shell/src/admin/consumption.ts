import type { ConsumerDto } from '@sluice/http-api';
import type { ConsumerStatus } from '../metrics/kafka-gauges.js';

/** Sums the known lags by topic. It asks no broker. A topic with an unknown lag has no sum. */
export function consumption(
  consumer: Pick<ConsumerStatus, 'corruptBatches' | 'faults' | 'lags'>,
): ConsumerDto {
  const byTopic = Map.groupBy(consumer.lags(), ({ topic }) => topic);
  return {
    topics: [...consumer.corruptBatches().keys()].sort().map((topic) => {
      const lags = (byTopic.get(topic) ?? []).map(({ lag }) => lag);
      return { topic, partitions: lags.length, waiting: sumOf(lags) };
    }),
    faults: consumer.faults(),
  };
}

function sumOf(lags: readonly (number | null)[]): number | null {
  const known = lags.filter((lag) => lag !== null);
  return known.length === 0 || known.length < lags.length
    ? null
    : known.reduce((sum, lag) => sum + lag, 0);
}
