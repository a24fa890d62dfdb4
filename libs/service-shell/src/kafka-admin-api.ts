import type { BatchPosition, SkipDecision, SkippedBatches } from '@sluice/postgres';
import type { FastifyInstance } from 'fastify';

interface PositionParams {
  topic: string;
  partition: string;
  offset: string;
}

/** What the admin API and the metrics ask of this process's consumer. */
export interface ConsumerStatus {
  corruptBatches(): ReadonlyMap<string, number>;
  logLosses(): ReadonlyMap<string, number>;
  lags(): readonly { readonly topic: string; readonly partition: number; readonly lag: number }[];
}

const MAX_TEXT_LENGTH = 2_000;

/** Registers the endpoints by which an operator decides about a corrupt batch. A decision holds over restarts and for every instance of this service. */
export function registerKafkaAdminApi(
  fastify: FastifyInstance,
  consumer: ConsumerStatus,
  skipped: SkippedBatches,
): void {
  fastify.get('/internal/kafka/skipped', async () => envelope(await skipped.list()));
  fastify.post<{ Params: PositionParams }>(
    '/internal/kafka/:topic/:partition/:offset/skip',
    async (request, reply) => {
      const position = positionOf(request.params);
      const decision = decisionOf(request.body);
      if (position === null || decision === null) {
        return reply.code(400).send({
          success: false,
          message:
            'A partition, an offset, "by" and "evidence" (texts up to 2000 characters) are needed',
        });
      }
      const { topic } = position;
      if (!consumer.corruptBatches().has(topic))
        return reply
          .code(404)
          .send({ success: false, message: `This service does not read ${topic}` });
      return envelope(await skipped.decide(position, decision));
    },
  );
}

function positionOf({ topic, partition, offset }: PositionParams): BatchPosition | null {
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
    value.length <= MAX_TEXT_LENGTH &&
    !value.includes('\0')
  );
}

function envelope(data: unknown) {
  return { success: true, message: 'OK', data };
}
