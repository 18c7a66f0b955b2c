import type { Json } from '../../domain/json.ts';
import type { Bookmarks } from '../../jobs/ports/bookmarks.ts';

/** Bookmarks that are lost with the process. */
export function memoryBookmarks(): Bookmarks {
  const places = new Map<string, Json>();
  return {
    find: async ({ op, zone }, name) => places.get(`${zone} ${op} ${name}`),
    async put({ op, zone }, name, place) {
      places.set(`${zone} ${op} ${name}`, place);
    },
  };
}
