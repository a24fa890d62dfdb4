import type { BatchPlace, SkipDecision, SkippedBatches } from '@sluice/postgres';
import type { FastifyInstance } from 'fastify';

interface Place {
  topic: string;
  partition: string;
  offset: string;
}

/** What the doors need to know of the consumer. */
export interface Consumed {
  corruptBatches(): ReadonlyMap<string, number>;
  logLosses(): ReadonlyMap<string, number>;
  lags(): readonly { readonly topic: string; readonly partition: number; readonly lag: number }[];
}

const LONGEST_TEXT = 2_000;

/** For a person who has to decide about a corrupt batch. The decision holds over restarts and for every instance of this service. */
export function openKafkaDoors(
  fastify: FastifyInstance,
  consumed: Consumed,
  skipped: SkippedBatches,
): void {
  fastify.get('/internal/kafka/skipped', async () => envelope(await skipped.list()));
  fastify.post<{ Params: Place }>(
    '/internal/kafka/:topic/:partition/:offset/skip',
    async (request, reply) => {
      const place = placeOf(request.params);
      const decision = decisionOf(request.body);
      if (place === null || decision === null) {
        return reply.code(400).send({
          success: false,
          message:
            'A partition, an offset, "by" and "evidence" (texts up to 2000 characters) are needed',
        });
      }
      const { topic } = place;
      if (!consumed.corruptBatches().has(topic))
        return reply
          .code(404)
          .send({ success: false, message: `This service does not read ${topic}` });
      return envelope(await skipped.decide(place, decision));
    },
  );
}

function placeOf({ topic, partition, offset }: Place): BatchPlace | null {
  return /^\d{1,9}$/.test(partition) && /^\d{1,18}$/.test(offset)
    ? { topic, partition: Number(partition), offset }
    : null;
}

function decisionOf(body: unknown): SkipDecision | null {
  if (typeof body !== 'object' || body === null || !('by' in body) || !('evidence' in body))
    return null;
  const { by, evidence } = body;
  return isText(by) && isText(evidence) ? { by, evidence } : null;
}

function isText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= LONGEST_TEXT &&
    !value.includes('\0')
  );
}

function envelope(data: unknown) {
  return { success: true, message: 'OK', data };
}
