/** Venue of a route as shown to operators, field by field. */
export type ShownVenue = Readonly<Record<string, unknown>> & { readonly venue: string };

/** Describes the differences between two reads of a route in words; empty if equal. */
export function routeChanges(was: readonly ShownVenue[], is: readonly ShownVenue[]): string[] {
  const [before, now] = [was, is].map(
    (venues) => new Map(venues.map((shown) => [shown.venue, shown])),
  );
  const gone = [...(before?.keys() ?? [])]
    .filter((name) => !now?.has(name))
    .map((name) => `${name} is gone`);
  const changed = is.flatMap((shown) => {
    const then = before?.get(shown.venue);
    return then ? fieldChanges(then, shown) : [`${shown.venue} is new`];
  });
  const [orderThen, orderNow] = [was, is].map((venues) =>
    venues.map(({ venue }) => venue).join(', '),
  );
  const reordered = gone.length === 0 && was.length === is.length && orderThen !== orderNow;
  return [
    ...gone,
    ...changed,
    ...(reordered ? [`the order is ${orderNow}, was ${orderThen}`] : []),
  ];
}

function fieldChanges(was: ShownVenue, is: ShownVenue): string[] {
  return Object.keys(is).flatMap((field) => {
    const [then, now] = [was, is].map((shown) => textOf(shown[field]));
    return then === now ? [] : [`${field} of ${is.venue} is ${now}, was ${then}`];
  });
}

function textOf(value: unknown): string {
  return value === null ? 'none' : String(value);
}
