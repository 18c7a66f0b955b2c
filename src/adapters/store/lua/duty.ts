/** KEYS: the duty. It keeps its epoch for ever; `nonce` and `till` only as long as somebody has it. */
const NOW = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local nonce, till = unpack(redis.call('HMGET', KEYS[1], 'nonce', 'till'))
`;

/** ARGV: nonce, lease in ms. Answers the epoch and for how many ms it was not renewed, -1 where nobody had it; or nothing. */
export const TAKE = `${NOW}
if nonce and tonumber(till) > now then return false end
local silent = nonce and now - tonumber(till) + tonumber(ARGV[2]) or -1
redis.call('HSET', KEYS[1], 'nonce', ARGV[1], 'till', string.format('%.0f', now + tonumber(ARGV[2])))
return {redis.call('HINCRBY', KEYS[1], 'epoch', 1), silent}
`;

/** ARGV: nonce, lease in ms. Answers 1, or 0 when somebody else has it. */
export const RENEW_DUTY = `${NOW}
if nonce ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'till', string.format('%.0f', now + tonumber(ARGV[2])))
return 1
`;

/** ARGV: nonce. */
export const LET_GO = `${NOW}
if nonce == ARGV[1] then redis.call('HDEL', KEYS[1], 'nonce', 'till') end
return 1
`;
