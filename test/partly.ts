/** As much of something as is needed of it; what else it would have is not there. */
export function partly<Whole>(part: Partial<Whole>): Whole {
  return part as Whole;
}
