import type { AuditReports, Message } from '@sluice/messages';
import { personNameSkeletons } from '@sluice/service-shell';

type OfType<T> = Extract<Message<AuditReports>, { readonly type: T }>;
type DemandMessage = OfType<'audit.demand-requested.v1'> | OfType<'audit.demand-approved.v1'>;

export function isDemand(message: Message<AuditReports>): message is DemandMessage {
  return (
    message.type === 'audit.demand-requested.v1' || message.type === 'audit.demand-approved.v1'
  );
}

/** Returns one row per demand and per approval. `service`: producer of the topic, whose key made the message's MAC. */
export function demandRows(service: string, demands: readonly DemandMessage[]) {
  return demands.map(({ id: message_id, ...body }) => ({
    message_id,
    service,
    demand_id: body.data.demandId,
    action: body.data.action,
    target: body.data.target,
    digest: body.data.digest,
    requested_by: body.data.requestedBy,
    requested_names: personNameSkeletons(body.data.requestedBy),
    requested_at: body.data.requestedAt,
    call_id: body.data.callId,
    ...approvalOf(body),
  }));
}

function approvalOf(body: Pick<DemandMessage, 'type' | 'data'>) {
  if (!('approvedBy' in body.data))
    return { approved_by: null, approved_names: null, approved_at: null };
  const { approvedBy, approvedAt } = body.data;
  return {
    approved_by: approvedBy,
    approved_names: personNameSkeletons(approvedBy),
    approved_at: approvedAt,
  };
}
