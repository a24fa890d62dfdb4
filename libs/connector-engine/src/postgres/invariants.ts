/** The folder of what must hold in every connector's database; each venue adds one of its own. */
export const CONNECTOR_INVARIANTS = new URL('./invariants/', import.meta.url);
