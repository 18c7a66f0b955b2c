import { ZONE } from './zone.ts';

/**
 * ARGV: key, what to keep of it as JSON, when it ends (0 for never), the claims revision it was decided on. Answers 1, 0
 * when the claims moved, or why the store is read-only.
 */
export const LOCK = `${ZONE}
if read_only then return read_only end
local key, lock, ends, revision = ARGV[1], cjson.decode(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
if claims_revision() ~= revision then return 0 end
lock.since = now
redis.call('HSET', claims, 'hand:' .. key, cjson.encode(lock))
local first = tonumber(redis.call('HGET', claims, '#until'))
if ends > 0 and (not first or ends < first) then
  redis.call('HSET', claims, '#until', string.format('%.0f', ends))
end
claims_changed('hand')
return 1
`;

/**
 * KEYS 6, only where the message counts once: its mark. ARGV: key, how long the mark is kept. Answers 1, 0 when there is no
 * such lock set by hand, or why the store is read-only.
 */
export const UNLOCK = `${ZONE}
if read_only then return read_only end
if KEYS[6] and redis.call('EXISTS', KEYS[6]) == 1 then return 1 end
if redis.call('HDEL', claims, 'hand:' .. ARGV[1]) == 0 then return 0 end
if KEYS[6] then redis.call('SET', KEYS[6], ARGV[1], 'PX', ARGV[2]) end
claims_changed('hand')
wake_all_waiting()
return 1
`;

/** Part of what looks for due operations: a lock that has ended is gone, and whoever waits is woken. */
export const FREE_ENDED = `
local function free_ended()
  local first = tonumber(redis.call('HGET', claims, '#until'))
  if not first or first > now then return end
  local next_end
  for field, text in pairs(hash(claims)) do
    local ends = field:sub(1, 5) == 'hand:' and cjson.decode(text)['until']
    if ends and ends <= now then redis.call('HDEL', claims, field)
    elseif ends and (not next_end or ends < next_end) then next_end = ends end
  end
  if next_end then redis.call('HSET', claims, '#until', string.format('%.0f', next_end))
  else redis.call('HDEL', claims, '#until') end
  wake_all_waiting()
end
`;
