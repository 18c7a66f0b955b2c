/** A day of the farm passes in 20 seconds. */
export const DRAIN_SCALE = (24 * 60 * 60) / 20;
