/**
 * Entries and head of one moment. KEYS: the zone's heads, the operation's entries. ARGV: operation, first sequence.
 * Answers the head's JSON (empty where there is no such operation) and the texts, from the one before the first on.
 */
export const READ = `
local head = redis.call('HGET', KEYS[1], ARGV[1])
local first = math.max(tonumber(ARGV[2]) - 1, 0)
return { head or '', redis.call('LRANGE', KEYS[2], first, -1) }
`;
