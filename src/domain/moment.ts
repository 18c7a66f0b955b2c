/** `2026-11-22T10:00`, in UTC unless it has an offset such as `+01:00`, in milliseconds since 1970; undefined for anything else. */
export function parseMoment(text: string): number | undefined {
  const [, day, time, offset = 'Z'] =
    /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  const at = Date.parse(`${day}T${time}:00${offset}`);
  // Another day of the calendar is quietly taken for one that it does not have.
  const noon = Date.parse(`${day}T12:00:00Z`);
  const isReal = !Number.isNaN(noon) && new Date(noon).toISOString().startsWith(`${day}`);
  return isReal && !Number.isNaN(at) ? at : undefined;
}
